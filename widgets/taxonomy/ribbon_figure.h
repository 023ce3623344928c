// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure/curves_figure.h"

namespace anchorlens::widgets {

/// Which head is what and when: a ribbon for each.
class RibbonFigure : public HistoryFigure {
 public:
  /// `tested` [layer * n_heads + head]: a causal test shows that the head is needed.
  RibbonFigure(std::shared_ptr<const RunHistory> history, std::vector<bool> tested)
      : HistoryFigure(std::move(history)), m_tested(std::move(tested)) {}
  QString view() const override { return QStringLiteral("ribbons"); }
  QString problem() const override;
  double paint(const FigureCanvas& canvas, double top) const override;
  NumberTable numbers() const override;  ///< layer, head, label, state, from, to

 private:
  std::vector<bool> m_tested;
};

}  // namespace anchorlens::widgets
