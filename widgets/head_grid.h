// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/badge.h"
#include "widgets/head_map.h"

#include <QAbstractScrollArea>

#include <vector>

namespace anchorlens::widgets {

struct HeadTile {
  HeadMapData map;
  BadgeInfo badge;
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

  int selectedLayer() const { return m_layer; }
  int selectedHead() const { return m_head; }
  int tileSize() const { return m_tile; }
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

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool viewportEvent(QEvent* event) override;

 private:
  void layOut();
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
  int m_tile = 168;
  bool m_is_compact = false;
};

}  // namespace anchorlens::widgets
