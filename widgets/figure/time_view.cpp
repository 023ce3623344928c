// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/time_view.h"

#include "widgets/number_format.h"

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

StepRange stepsAround(double first, double last) {
  StepRange range;
  range.first = static_cast<std::int64_t>(std::floor(std::max(0.0, first)));
  range.last = std::max(range.first + 1, static_cast<std::int64_t>(std::ceil(last)));
  return range;
}

QStringList timeViewText(const TimeView& view) {
  QStringList parts;
  if (view.range) {
    parts << QStringLiteral("steps %1 to %2")
                 .arg(formatInteger(view.range->first), formatInteger(view.range->last));
  }
  if (view.smoothing > 0)
    parts << (view.smoothing == 1 ? QStringLiteral("lightly smoothed")
                                  : QStringLiteral("strongly smoothed"));
  return parts;
}

}  // namespace anchorlens::widgets
