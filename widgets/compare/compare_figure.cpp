// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/compare/compare_figure.h"

#include "widgets/compare/compare_paint.h"
#include "widgets/compare/seeds_paint.h"
#include "widgets/figure/figure_canvas.h"
#include "widgets/npz.h"
#include "widgets/number_format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>

namespace anchorlens::widgets {

namespace {

/// "run2 step 1 500 seed 2, L1 H0 ablated"
QString sideText(const QString& name, std::int64_t step, const QString& note) {
  return QStringLiteral("%1 step %2 %3").arg(name, formatInteger(step), note);
}

}  // namespace

QString CompareFigure::problem() const {
  if (m_pair >= m_comparison.pairs.size()) {
    return QCoreApplication::translate("Figure", "These runs have no such pair of heads.");
  }
  const Comparison::Maps maps = m_comparison.mapsOf(m_pair);
  return maps.maps[0].isEmpty() && maps.maps[1].isEmpty() ? maps.gaps[0] : QString();
}

std::vector<std::int64_t> CompareFigure::steps() const {
  return {m_comparison.first.step, m_comparison.second.step};
}

QStringList CompareFigure::provenance(const FigureSource& /*source*/) const {
  QStringList parts;
  for (const ComparedSide* side : {&m_comparison.first, &m_comparison.second}) {
    parts << sideText(side->name, side->step, side->note);
  }
  return parts;
}

double CompareFigure::paint(const FigureCanvas& canvas, double top) const {
  ComparePaint how;
  how.map = canvas.mapOptions();
  how.pair = m_pair;
  const CompareLayout layout = layoutComparison(QRectF(0, top, canvas.width, 0), m_comparison, how);
  if (canvas.painter != nullptr) {
    paintComparison(*canvas.painter, layout, m_comparison, how, canvas.theme);
  }
  return layout.needed.height();
}

void CompareFigure::addArrays(NpzWriter& npz) const {
  constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
  std::array<std::vector<float>, 3> cells;
  std::vector<std::int64_t> pairs;
  std::vector<double> distances;
  const Comparison::Maps shown = m_comparison.mapsOf(m_pair);
  const int length = std::max(shown.maps[0].length, shown.maps[1].length);
  const auto size = static_cast<std::size_t>(length) * static_cast<std::size_t>(length);
  for (std::size_t i = 0; i < m_comparison.pairs.size(); ++i) {
    const core::HeadPair& pair = m_comparison.pairs[i];
    pairs.insert(pairs.end(), {pair.layer, pair.first, pair.second});
    distances.push_back(pair.distance.value_or(std::numeric_limits<double>::quiet_NaN()));
    const Comparison::Maps maps = m_comparison.mapsOf(i);
    for (std::size_t column = 0; column < 3; ++column) {
      const std::vector<float>& own = maps.maps[column].pattern;
      const bool is_there = own.size() == size;
      cells[column].insert(cells[column].end(), size, kNone);
      if (is_there) {
        std::copy(own.begin(), own.end(), cells[column].end() - static_cast<std::ptrdiff_t>(size));
      }
    }
  }
  const auto n = static_cast<std::int64_t>(m_comparison.pairs.size());
  npz.add(QStringLiteral("step"), {2}, steps());
  npz.add(QStringLiteral("pairs"), {n, 3}, pairs);
  npz.add(QStringLiteral("distance"), {n}, distances);
  const std::array<QString, 3> names{QStringLiteral("first"), QStringLiteral("second"),
                                     QStringLiteral("difference")};
  for (std::size_t column = 0; column < 3; ++column) {
    npz.add(names[column], {n, length, length}, cells[column]);
  }
}

CompareCurvesFigure::CompareCurvesFigure(ComparedCurves curves,
                                         std::array<std::shared_ptr<const RunHistory>, 2> histories,
                                         std::array<QString, 2> notes, TimeView time)
    : m_curves(std::move(curves)),
      m_time(time),
      m_histories(std::move(histories)),
      m_notes(std::move(notes)) {
  for (std::size_t side = 0; side < 2; ++side) {
    m_curves.sides[side].history = m_histories[side].get();
  }
}

QString CompareCurvesFigure::problem() const {
  const double last = m_curves.lastStep();
  return m_time.range && static_cast<double>(m_time.range->first) >= last
             ? QCoreApplication::translate("Figure",
                                           "Steps %1 to %2 are beyond both runs, which "
                                           "end at %3.")
                   .arg(formatInteger(m_time.range->first), formatInteger(m_time.range->last),
                        formatInteger(std::llround(last)))
             : QString();
}

std::vector<std::int64_t> CompareCurvesFigure::steps() const {
  std::vector<std::int64_t> newest;
  for (const auto& history : m_histories) {
    newest.push_back(history ? history->newestStep() : 0);
  }
  return newest;
}

QStringList CompareCurvesFigure::provenance(const FigureSource& /*source*/) const {
  QStringList parts;
  const auto newest = steps();
  for (std::size_t side = 0; side < 2; ++side) {
    parts << sideText(m_curves.sides[side].name, newest[side], m_notes[side]);
  }
  return parts + timeViewText(m_time);
}

double CompareCurvesFigure::paint(const FigureCanvas& canvas, double top) const {
  CurvesPaint how;
  how.font_px = canvas.font;
  how.unit = canvas.unit();
  how.header = canvas.font * 14;
  how.is_logarithmic = canvas.style.log_steps;
  how.last = m_curves.lastStep();
  if (m_time.range) {
    how.first = static_cast<double>(m_time.range->first);
    how.last = static_cast<double>(m_time.range->last);
  }
  how.smoothing = m_time.smoothing;
  how.text_as_paths = canvas.text_as_paths;
  const CurvesLayout layout = layoutCurves(
      QRectF(0, top, canvas.width, canvas.font * 24 + canvas.width * 0.2), m_curves, how);
  if (canvas.painter != nullptr) {
    paintCurves(*canvas.painter, layout, m_curves, how, canvas.theme);
    paintCurveHeader(*canvas.painter, layout, m_curves, std::llround(how.last), how, canvas.theme);
  }
  return layout.height;
}

QString SeedsFigure::problem() const {
  return m_rows.empty() ? QCoreApplication::translate("Figure", "There are no runs to compare.")
                        : QString();
}

QStringList SeedsFigure::stepNames() const {
  return {m_set.step ? QString::number(*m_set.step) : QStringLiteral("last")};
}

double SeedsFigure::paint(const FigureCanvas& canvas, double top) const {
  SeedsPaint how;
  how.font_px = canvas.font;
  how.unit = canvas.unit();
  how.text_as_paths = canvas.text_as_paths;
  const SeedsLayout layout = layoutSeeds(QPointF(0, top), canvas.width, m_rows, how);
  if (canvas.painter != nullptr) {
    paintSeeds(*canvas.painter, layout, m_set, m_rows, how, canvas.theme);
  }
  return layout.height;
}

}  // namespace anchorlens::widgets
