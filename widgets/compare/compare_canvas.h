// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/compare/compare_paint.h"

#include <QAbstractScrollArea>

namespace anchorlens::widgets {

/// The three columns of a comparison: a large map each, and the tiles of all heads. One cell in all
/// of them, by pointer or arrow keys; a click on a tile takes its pair.
class CompareCanvas : public QAbstractScrollArea {
  Q_OBJECT

 public:
  explicit CompareCanvas(QWidget* parent = nullptr);

  /// Cheap while hidden: laid out and painted when shown.
  void setComparison(Comparison comparison);
  /// Shown in the place of the columns: one sentence; empty: none.
  void setEmptyText(const QString& text);
  const QString& emptyText() const { return m_empty_text; }
  void setOptions(const HeadMapOptions& options);
  void setTheme(const Theme& theme);
  void selectPair(std::size_t pair);  ///< emits nothing
  /// The cell that another view hovers.
  void setLinkedCell(Cell cell);

  const Comparison& comparison() const { return m_comparison; }
  std::size_t pair() const { return m_how.pair; }
  Cell cell() const { return m_cell; }
  const CompareLayout& compareLayout() const { return m_layout; }
  NumberTable numbers() const { return comparisonNumbers(m_comparison, m_how.pair); }
  QSize sizeHint() const override { return {900, 460}; }
  QSize minimumSizeHint() const override { return {420, 160}; }

 signals:
  void cellHovered(anchorlens::widgets::Cell cell);
  void pairSelected(int pair);

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
  void hover(Cell cell, int column);
  void describe();
  void paintBoxes(QPainter& painter) const;
  QPointF scrolled() const;
  int length() const;  ///< of the selected pair's maps; 0: none

  Comparison m_comparison;
  ComparePaint m_how;
  CompareLayout m_layout;
  Theme m_theme = Theme::dark();
  QString m_empty_text;
  Cell m_cell;
  int m_column = 0;  ///< which map the pointer is in
  Cell m_linked;
};

}  // namespace anchorlens::widgets
