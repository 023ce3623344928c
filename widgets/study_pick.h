// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/study/run_numbers.h"

#include <QPointF>

#include <algorithm>
#include <cmath>
#include <limits>

namespace anchorlens::widgets {

/// Distance of a point to a line that was drawn of `series`, whose points `place(step, value)`
/// puts on the screen; only its parts around `step` are looked at.
template <typename Place>
double lineDistance(const core::NumberSeries& series, double step, const Place& place,
                    QPointF point) {
  const auto after =
      std::upper_bound(series.steps.begin(), series.steps.end(), static_cast<std::int64_t>(step));
  const auto middle = after - series.steps.begin();
  const auto last = static_cast<std::ptrdiff_t>(series.steps.size()) - 1;
  double nearest = std::numeric_limits<double>::infinity();
  const auto at = [&](std::ptrdiff_t i) {
    const auto index = static_cast<std::size_t>(i);
    return place(static_cast<double>(series.steps[index]), series.values[index]);
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

}  // namespace anchorlens::widgets
