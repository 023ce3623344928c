// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/head_values.h"

#include <QAbstractScrollArea>

#include <vector>

namespace anchorlens::widgets {

/// One head, large: tokens on both axes, values, colour bar, guides and tooltip of the cell under
/// the pointer or the keyboard. Over 64 tokens the cells keep a fixed size and the view scrolls.
class HeadView : public QAbstractScrollArea {
  Q_OBJECT

 public:
  enum class Mode { Map, Lines };
  explicit HeadView(QWidget* parent = nullptr);

  void setData(HeadMapData data, HeadReading reading = {});
  /// For Lines: every head of the same layer, the shown one among them.
  void setLayerMaps(std::vector<HeadMapData> maps);
  /// Shown in place of a map when there is none: one sentence.
  void setEmptyText(const QString& text);
  /// After the step in the title: "untrained", "evaluating..."; may be empty.
  void setNote(const QString& note);
  void setOptions(const HeadMapOptions& options);
  void setMode(Mode mode);
  void setTheme(const Theme& theme);
  void setLinkedCell(Cell cell);

  const HeadMapData& data() const { return m_data; }
  const HeadReading& reading() const { return m_reading; }
  /// Only attention is drawn as lines.
  Mode mode() const { return isAttention(m_reading.values) ? m_mode : Mode::Map; }
  Cell cell() const { return m_cell; }
  void setCell(Cell cell);  ///< as the keyboard would
  const HeadMapLayout& mapLayout() const { return m_layout; }
  NumberTable numbers() const { return readingNumbers(m_data, m_reading); }
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 signals:
  void cellHovered(anchorlens::widgets::Cell cell);

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool viewportEvent(QEvent* event) override;

 private:
  void layOut();
  void hover(Cell cell);
  void paintTitle(QPainter& painter) const;
  QString titleRest() const;  ///< after the name: what is shown of it, and when
  void paintTip(QPainter& painter) const;
  void paintEmpty(QPainter& painter) const;
  double titleHeight() const;
  QPointF scrolled() const;
  void paintGuides(QPainter& painter) const;
  HeadMapOptions effectiveOptions() const;

  HeadMapData m_data;
  HeadReading m_reading;
  std::vector<HeadMapData> m_layer_maps;
  HeadMapOptions m_options;
  HeadMapLayout m_layout;
  Theme m_theme = Theme::dark();
  QString m_empty_text;
  QString m_note;
  Cell m_cell;
  Cell m_linked;
  Mode m_mode = Mode::Map;
};

}  // namespace anchorlens::widgets
