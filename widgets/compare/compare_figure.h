// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/compare/comparison.h"
#include "widgets/compare/curves_paint.h"
#include "widgets/compare/seed_numbers.h"
#include "widgets/figure/figure.h"

namespace anchorlens::widgets {

/// Two runs side by side: one pair of heads large, all of them under it.
class CompareFigure : public FigureContent {
 public:
  CompareFigure(Comparison comparison, std::size_t pair)
      : m_comparison(std::move(comparison)), m_pair(pair) {}
  QString view() const override { return QStringLiteral("compare"); }
  QString problem() const override;
  std::vector<std::int64_t> steps() const override;
  QStringList provenance(const FigureSource& source) const override;
  double paint(const FigureCanvas& canvas, double top) const override;
  NumberTable numbers() const override { return comparisonNumbers(m_comparison, m_pair); }
  /// Of every pair: first, second and difference [pair, reader, source]; pairs [pair, 3]: layer and
  /// heads, -1 for none; distances [pair].
  void addArrays(NpzWriter& npz) const override;

 private:
  Comparison m_comparison;
  std::size_t m_pair = 0;
};

/// Two runs over time, as Compare shows them. Owns the histories that the curves point to. `notes`:
/// of each run, what noteOf() says at its newest step.
class CompareCurvesFigure : public FigureContent {
 public:
  CompareCurvesFigure(ComparedCurves curves,
                      std::array<std::shared_ptr<const RunHistory>, 2> histories,
                      std::array<QString, 2> notes, TimeView time = {});
  QString view() const override { return QStringLiteral("compare-curves"); }
  QString problem() const override;
  std::vector<std::int64_t> steps() const override;
  QStringList provenance(const FigureSource& source) const override;
  double paint(const FigureCanvas& canvas, double top) const override;
  NumberTable numbers() const override { return comparedCurveNumbers(m_curves, m_time); }

 private:
  ComparedCurves m_curves;
  TimeView m_time;  ///< in steps of the first run
  std::array<std::shared_ptr<const RunHistory>, 2> m_histories;
  std::array<QString, 2> m_notes;
};

/// All seeds of a set-up.
class SeedsFigure : public FigureContent {
 public:
  explicit SeedsFigure(SeedSet set) : m_set(std::move(set)), m_rows(seedRows(m_set)) {}
  QString view() const override { return QStringLiteral("seeds"); }
  QString problem() const override;
  QStringList stepNames() const override;
  QStringList provenance(const FigureSource& /*source*/) const override { return {m_set.title}; }
  double paint(const FigureCanvas& canvas, double top) const override;
  NumberTable numbers() const override { return seedTable(m_set); }

 private:
  SeedSet m_set;
  std::vector<SeedRow> m_rows;
};

}  // namespace anchorlens::widgets
