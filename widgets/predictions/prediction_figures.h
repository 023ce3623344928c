// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure/figure.h"
#include "widgets/predictions/group_paint.h"
#include "widgets/predictions/lens_view.h"
#include "widgets/predictions/prediction_data.h"
#include "widgets/predictions/probe_summary.h"

/// Figures of what a model answers.
namespace anchorlens::widgets {

/// The shown sequences with the most probable answers.
class PredictionsFigure : public FigureContent {
 public:
  PredictionsFigure(std::vector<PredictionRow> rows, std::int64_t step)
      : m_rows(std::move(rows)), m_step(step) {}
  QString view() const override { return QStringLiteral("predictions"); }
  QString problem() const override;
  std::vector<std::int64_t> steps() const override { return {m_step}; }
  double paint(const FigureCanvas& canvas, double top) const override;
  NumberTable numbers() const override { return predictionNumbers(m_rows, m_step); }

 private:
  std::vector<PredictionRow> m_rows;
  std::int64_t m_step = 0;
};

/// Accuracy or loss of every group, and over time.
class GroupsFigure : public FigureContent {
 public:
  GroupsFigure(GroupMatrix matrix, std::vector<GroupCurve> curves, std::int64_t step,
               GroupValue value)
      : m_matrix(std::move(matrix)), m_curves(std::move(curves)), m_step(step), m_value(value) {}
  QString view() const override {
    return m_value == GroupValue::Loss ? QStringLiteral("group-losses") : QStringLiteral("groups");
  }
  QString problem() const override;
  std::vector<std::int64_t> steps() const override { return {m_step}; }
  double paint(const FigureCanvas& canvas, double top) const override;
  NumberTable numbers() const override { return groupNumbers(m_matrix, m_step); }

 private:
  GroupMatrix m_matrix;
  std::vector<GroupCurve> m_curves;
  std::int64_t m_step = 0;
  GroupValue m_value = GroupValue::Accuracy;
};

/// Deviations, wrong answers and calibration on the whole probe.
class ProbeFigure : public FigureContent {
 public:
  explicit ProbeFigure(std::shared_ptr<const ProbeSummary> summary)
      : m_summary(std::move(summary)) {}
  QString view() const override { return QStringLiteral("probe"); }
  QString problem() const override;
  std::vector<std::int64_t> steps() const override { return {m_summary->step}; }
  double paint(const FigureCanvas& canvas, double top) const override;
  NumberTable numbers() const override { return probeNumbers(*m_summary); }
  /// The three tables, names with a point before: "deviation.n", "confusion.n", ...
  void addArrays(NpzWriter& npz) const override;

 private:
  std::shared_ptr<const ProbeSummary> m_summary;
};

/// What each layer and position would answer.
class LensFigure : public FigureContent {
 public:
  explicit LensFigure(LensData lens) : m_lens(std::move(lens)) {}
  QString view() const override { return QStringLiteral("lens"); }
  QString problem() const override;
  std::vector<std::int64_t> steps() const override { return {m_lens.step}; }
  double paint(const FigureCanvas& canvas, double top) const override;
  NumberTable numbers() const override { return lensNumbers(m_lens); }

 private:
  LensData m_lens;
};

}  // namespace anchorlens::widgets
