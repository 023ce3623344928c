// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/badge.h"
#include "widgets/head_values.h"

#include <QAbstractScrollArea>

#include <vector>

namespace anchorlens::widgets {

struct HeadTile {
  HeadMapData map;
  BadgeInfo badge;
  HeadReading reading;
};

/// All heads of a model: layers down (layer 0 on top), heads across. Tiles are as large as fit
/// (168, 112, 72 or 40; at 40 the grid scrolls). One head is selected, by mouse or arrow keys.
class HeadGrid : public QAbstractScrollArea {
  Q_OBJECT

 public:
  explicit HeadGrid(QWidget* parent = nullptr);

  /// [layer * n_heads + head]; repaints when visible. An empty list clears the grid.
  void setTiles(std::vector<HeadTile> tiles, int n_layers, int n_heads);
  void setOptions(const HeadMapOptions& options);
  void setTheme(const Theme& theme);
  /// -1, -1: none. Does not emit headSelected.
  void select(int layer, int head);
  /// The cell that another view hovers: boxed in every tile.
  void setLinkedCell(Cell cell);
  void setCompact(bool compact);  ///< at most 112
  /// Width of the grid with the largest tiles that fit into this room (a scroll bar included).
  int widthFor(QSize room) const;

  int selectedLayer() const { return m_layer; }
  int selectedHead() const { return m_head; }
  int tileSize() const { return m_measures.tile; }
  const std::vector<HeadTile>& tiles() const { return m_tiles; }
  /// Of a tile, in the viewport; with title and badge.
  QRect tileRect(int layer, int head) const;
  /// The square of the map alone.
  QRect mapRect(int layer, int head) const;
  /// "Layer 1 head 0, broadcast key, 0.88, selected"
  QString tileDescription(int layer, int head) const;

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 signals:
  void headSelected(int layer, int head);
  void headActivated(int layer, int head);           ///< Enter or double click
  void cellHovered(anchorlens::widgets::Cell cell);  ///< invalid when the pointer leaves
  /// Of the head that is selected now: the one under the pointer, or by key.
  void menuRequested(const QPoint& global);

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool viewportEvent(QEvent* event) override;

 private:
  struct Measures {
    int tile = 0, padding = 0, padding_y = 0, title = 0, badge = 0, gap = 0;
    double font_px = 0;
    int width() const { return tile + 2 * padding; }
    int height() const { return title + tile + badge + 2 * padding_y; }
  };
  Measures measures(int tile) const;
  QSize gridSize(const Measures& m) const;
  int tileFor(QSize room) const;
  void layOut();
  void paintLinkedCell(QPainter& painter, const QRectF& map, const HeadMapData& tile_map) const;
  QRectF cellsRect(int layer, int head) const;
  Cell cellAt(QPoint point, int layer, int head) const;
  void paintTile(QPainter& painter, int layer, int head);
  bool headAt(QPoint point, int& layer, int& head) const;
  void choose(int layer, int head);

  std::vector<HeadTile> m_tiles;
  HeadMapOptions m_options;
  Theme m_theme = Theme::dark();
  Cell m_linked;
  int m_n_layers = 0;
  int m_n_heads = 0;
  int m_layer = -1;
  int m_head = -1;
  Measures m_measures;
  bool m_is_compact = false;
};

}  // namespace anchorlens::widgets
