// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/run_history.h"

#include <QString>

#include <span>
#include <vector>

/// Steps to the coordinate of the time axis and back, its ticks, and curves thinned for the screen.
/// Pure functions, shared by the timeline and the figures.
namespace anchorlens::widgets {

/// Linear: the step itself. Logarithmic: log10(1 + step), so that step 0 has a place.
struct TimeScale {
  bool is_logarithmic = false;
  double toAxis(double step) const;
  double toStep(double axis) const;
};

/// End of the axis when all time is in view: the next round number after the newest step, at most
/// the run's length. In jumps, so that the axis stands still most of the time.
double allTimeEnd(std::int64_t newest, std::int64_t total);

/// Round steps inside [first, last] (steps), at most about `count`.
std::vector<double> timeTicks(const TimeScale& scale, double first, double last, int count);
/// Round values for a linear axis.
std::vector<double> niceTicks(double first, double last, int count);

/// Of a logarithmic loss axis, inside [low, high] and at most about `count`: powers of ten; with 2
/// and 5 between them where the range spans few; round values within one decade.
std::vector<double> lossTicks(double low, double high, int count);

/// Range of a logarithmic loss axis: powers of ten around what occurs.
struct LossRange {
  double low = 0.01;
  double high = 10;
};
LossRange lossRange(const RunHistory& history);

/// Lower end of a lane of lifts, which reaches up to 1: 0, or the lowest of them where they go
/// below it; at least -1.
double liftFloor(std::span<const double> lifts);

/// At most two values for each of `columns` pixel columns between `first` and `last` (axis
/// coordinates): the smallest and the largest value, in their order, after a NaN where the column
/// begins with one; and the neighbours just outside, so that lines reach the border. Steps are
/// already axis coordinates in the result.
Series decimated(const Series& series, const TimeScale& scale, double first, double last,
                 int columns);
/// The same of steps (ascending) and their values.
Series decimated(std::span<const double> steps, std::span<const double> values,
                 const TimeScale& scale, double first, double last, int columns);

/// Exponential moving average; level 0 returns the series, 1 light, 2 strong.
Series smoothed(const Series& series, int level);

}  // namespace anchorlens::widgets
