// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/panel_inspector.h"

namespace anchorlens::widgets {

/// Name, bar with the chance tick, and value; one row a score. Bars go from a common 0 to 1, or to
/// the left, where there is room as far as the lowest value.
class ScoreBars : public QWidget {
  Q_OBJECT

 public:
  explicit ScoreBars(QWidget* parent = nullptr);
  void setBars(const std::vector<ScoreBar>& bars);
  const std::vector<ScoreBar>& bars() const { return m_bars; }
  void setTheme(const Theme& theme);
  /// Where the bar of a row is filled.
  QRectF filled(std::size_t row) const;
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return {160, sizeHint().height()}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;

 private:
  struct Columns {
    double name = 0;  ///< width
    QRectF bars;      ///< of all rows
    double zero = 0;
    double value_px = 0;  ///< of a value of 1
    double xOf(double value) const;
  };
  double rowHeight() const;
  QFont valueFont() const;
  Columns columns() const;
  QRectF filled(std::size_t row, const Columns& columns) const;
  void paintBar(QPainter& painter, std::size_t row, const Columns& columns) const;

  std::vector<ScoreBar> m_bars;
  Theme m_theme = Theme::dark();
};

}  // namespace anchorlens::widgets
