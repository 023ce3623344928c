// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/study/study_numbers.h"

#include <QPointF>
#include <QRectF>
#include <QString>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace anchorlens::widgets {

/// Distance of a point to a line through `values` at `steps`, which `place(step, value)` puts on
/// the screen; only its parts around `step` are looked at.
template <typename Place>
double lineDistance(const std::vector<std::int64_t>& steps, const std::vector<double>& values,
                    double step, const Place& place, QPointF point) {
  const auto after = std::upper_bound(steps.begin(), steps.end(), static_cast<std::int64_t>(step));
  const auto middle = after - steps.begin();
  const auto last = static_cast<std::ptrdiff_t>(steps.size()) - 1;
  double nearest = std::numeric_limits<double>::infinity();
  const auto at = [&](std::ptrdiff_t i) {
    const auto index = static_cast<std::size_t>(i);
    return place(static_cast<double>(steps[index]), values[index]);
  };
  for (std::ptrdiff_t i = std::max<std::ptrdiff_t>(0, middle - 2); i <= std::min(last, middle + 1);
       ++i) {
    const QPointF from = at(i);
    const QPointF line = at(std::min(i + 1, last)) - from;
    const double length = QPointF::dotProduct(line, line);
    const double share =
        length > 0 ? std::clamp(QPointF::dotProduct(point - from, line) / length, 0.0, 1.0) : 0.0;
    const QPointF away = point - from - share * line;
    const double distance = std::hypot(away.x(), away.y());
    if (distance < nearest) {  // never so for what is no number
      nearest = distance;
    }
  }
  return nearest;
}

/// A line under the pointer: of a run, or of the median.
struct StudyLine {
  std::size_t place = 0;  ///< index of its curve, or of its strip
  core::StudyNumber::Kind kind = core::StudyNumber::Kind::Accuracy;
  std::optional<std::size_t> member;  ///< none: the median
  double step = 0;                    ///< under the pointer
};

/// Finds the line nearest to a point among those that are near; a run's goes before a median.
class LinePick {
 public:
  explicit LinePick(QPointF point) : m_point(point) {}

  /// Whether lines of a field may be near.
  bool isAt(const QRectF& field) const {
    return field.adjusted(-kNear, -kNear, kNear, kNear).contains(m_point);
  }
  template <typename Place>
  void look(const StudyLine& line, const std::vector<std::int64_t>& steps,
            const std::vector<double>& values, const Place& place) {
    const double away = lineDistance(steps, values, line.step, place, m_point);
    const bool had_run = m_line && m_line->member;
    const bool is_better =
        line.member.has_value() == had_run ? away < m_distance : line.member.has_value();
    if (away < kNear && is_better) {
      m_distance = away;
      m_line = line;
    }
  }
  const std::optional<StudyLine>& line() const { return m_line; }
  /// Where a tooltip stays: a few pixels on, another sample may be nearest.
  QRectF box() const { return {m_point - QPointF(1, 1), QSizeF(3, 3)}; }

 private:
  static constexpr double kNear = 7;  ///< pixels

  QPointF m_point;
  double m_distance = kNear;
  std::optional<StudyLine> m_line;
};

/// What a tooltip says of a line, at its samples nearest to the pointer: whose it is; number, step
/// and value of the run (null: it is the median's line); the median with its range, where there are
/// several runs.
QString lineText(const QString& name, const QString& number, const StudyLine& line,
                 const core::NumberSeries* run, const core::NumberBand& band);

}  // namespace anchorlens::widgets
