// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <cstdint>
#include <optional>

namespace anchorlens::widgets {

/// Whole steps, both ends inside; last > first.
struct StepRange {
  std::int64_t first = 0;
  std::int64_t last = 1;
  bool has(double step) const {
    return step >= static_cast<double>(first) && step <= static_cast<double>(last);
  }
  bool operator==(const StepRange&) const = default;
};
/// The least one around a part of a time axis, whose ends need be no steps.
StepRange stepsAround(double first, double last);

/// What of time a figure shows, and how: as the Timeline does.
struct TimeView {
  std::optional<StepRange> range;  ///< none: all
  int smoothing = 0;               ///< of loss and accuracy: smoothed() in time_scale.h
};
/// "steps 400 to 900", "lightly smoothed": for provenance; nothing of all time, as it is.
QStringList timeViewText(const TimeView& view);

}  // namespace anchorlens::widgets
