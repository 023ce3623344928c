// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/panel_inspector.h"

namespace anchorlens::widgets {

/// Name, bar from 0 to 1 with the chance tick, and value; one row a score.
class ScoreBars : public QWidget {
  Q_OBJECT

 public:
  explicit ScoreBars(QWidget* parent = nullptr);
  void setBars(const std::vector<ScoreBar>& bars);
  const std::vector<ScoreBar>& bars() const { return m_bars; }
  void setTheme(const Theme& theme);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return {160, sizeHint().height()}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;

 private:
  double rowHeight() const;

  std::vector<ScoreBar> m_bars;
  Theme m_theme = Theme::dark();
};

}  // namespace anchorlens::widgets
