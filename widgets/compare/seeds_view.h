// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/compare/seeds_paint.h"
#include "widgets/placed_text.h"

#include <QAbstractScrollArea>

namespace anchorlens::widgets {

/// All seeds of a set-up: their numbers as distributions. Up and Down take another number, Left and
/// Right another run of it by value, Enter shows that run.
class SeedsView : public QAbstractScrollArea {
  Q_OBJECT

 public:
  explicit SeedsView(QWidget* parent = nullptr);

  void setSeeds(SeedSet set);
  /// In the place of the rows while there are none: one sentence.
  void setEmptyText(const QString& text);
  void setTheme(const Theme& theme);

  const SeedSet& seeds() const { return m_set; }
  const std::vector<SeedRow>& rows() const { return m_rows; }
  const SeedsLayout& seedsLayout() const { return m_layout; }
  SeedsLayout::Dot chosen() const { return m_chosen; }
  NumberTable numbers() const { return seedTable(m_set); }
  QSize sizeHint() const override { return {900, 460}; }
  QSize minimumSizeHint() const override { return {420, 160}; }

 signals:
  void runChosen(quint64 id);

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool viewportEvent(QEvent* event) override;

 private:
  void layOut();
  void choose(SeedsLayout::Dot dot);
  QString describe(SeedsLayout::Dot dot) const;
  QRectF titleBox() const;
  /// The dot there first, then what may be cut.
  std::vector<PlacedText> textsAt(QPointF point) const;
  /// The run `by` places on in the order of the row's values.
  int neighbour(int row, int run, int by) const;

  SeedSet m_set;
  std::vector<SeedRow> m_rows;
  SeedsLayout m_layout;
  SeedsLayout::Dot m_chosen;
  QString m_empty_text;
  Theme m_theme = Theme::dark();
};

}  // namespace anchorlens::widgets
