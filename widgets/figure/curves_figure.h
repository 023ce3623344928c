// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure/figure.h"
#include "widgets/run_history.h"

/// Figures of a run over time.
namespace anchorlens::widgets {

class HistoryFigure : public FigureContent {
 public:
  explicit HistoryFigure(std::shared_ptr<const RunHistory> history)
      : m_history(std::move(history)) {}
  QString problem() const override;
  std::vector<std::int64_t> steps() const override;  ///< the newest

 protected:
  const RunHistory& history() const { return *m_history; }

 private:
  std::shared_ptr<const RunHistory> m_history;
};

/// Loss and accuracy of each group.
class CurvesFigure : public HistoryFigure {
 public:
  using HistoryFigure::HistoryFigure;
  QString view() const override { return QStringLiteral("curves"); }
  double paint(const FigureCanvas& canvas, double top) const override;
  NumberTable numbers() const override { return history().curveNumbers(); }
};

/// A strip for each head.
class ScoresFigure : public HistoryFigure {
 public:
  using HistoryFigure::HistoryFigure;
  QString view() const override { return QStringLiteral("scores"); }
  QString problem() const override;
  double paint(const FigureCanvas& canvas, double top) const override;
  NumberTable numbers() const override { return history().scoreNumbers(); }
  void addArrays(NpzWriter& npz) const override;
};

}  // namespace anchorlens::widgets
