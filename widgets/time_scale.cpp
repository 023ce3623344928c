// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/time_scale.h"

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

double TimeScale::toAxis(double step) const {
  return is_logarithmic ? std::log10(1 + std::max(step, 0.0)) : step;
}

double TimeScale::toStep(double axis) const {
  return is_logarithmic ? std::pow(10.0, axis) - 1 : axis;
}

double allTimeEnd(std::int64_t newest, std::int64_t total) {
  const double needed = std::max(1.0, static_cast<double>(newest) * 1.02);
  double end = 10;
  while (end < needed) {  // 10, 20, 50, 100, ...
    const double leading = end / std::pow(10.0, std::floor(std::log10(end) + 1e-9));
    end *= leading > 1.5 && leading < 3 ? 2.5 : 2;
  }
  if (total > 0) {
    end = std::min(end, static_cast<double>(std::max(total, newest)));
  }
  return std::max(end, 1.0);
}

std::vector<double> niceTicks(double first, double last, int count) {
  std::vector<double> ticks;
  if (!(last > first) || count < 1) {
    return ticks;
  }
  const double raw = (last - first) / count;
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  double step = 10 * power;
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= raw * 0.999) {
      step = factor * power;
      break;
    }
  }
  for (double i = std::ceil(first / step - 1e-9); i * step <= last + step * 1e-9; ++i) {
    ticks.push_back(i * step);
  }
  return ticks;
}

namespace {

/// 1, 2 and 5 times the powers of ten inside [low, high], low > 0; or the powers alone.
std::vector<double> decadeSteps(double low, double high, bool is_fine) {
  std::vector<double> steps;
  for (double power = std::pow(10.0, std::floor(std::log10(low))); power <= high * (1 + 1e-9);
       power *= 10) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double step = power * factor;
      if ((is_fine || factor == 1.0) && step >= low * (1 - 1e-9) && step <= high * (1 + 1e-9)) {
        steps.push_back(step);
      }
    }
  }
  return steps;
}

}  // namespace

std::vector<double> timeTicks(const TimeScale& scale, double first, double last, int count) {
  std::vector<double> ticks;
  if (!scale.is_logarithmic) {
    for (const double tick : niceTicks(first, last, count)) {
      // Steps are integers: no tick between two of them.
      if (tick == std::round(tick)) {
        ticks.push_back(tick);
      }
    }
    return ticks;
  }
  const double decades = scale.toAxis(last) - scale.toAxis(first);
  if (decades < 0.7) {  // within a decade round numbers read better
    return timeTicks({}, first, last, count);
  }
  if (first <= 0) {
    ticks.push_back(0);
  }
  const std::vector<double> steps = decadeSteps(std::max(first, 1.0), last, decades * 3 <= count);
  ticks.insert(ticks.end(), steps.begin(), steps.end());
  return ticks;
}

std::vector<double> lossTicks(double low, double high, int count) {
  const double decades = std::log10(high / low);
  if (decades < 0.95) {
    return niceTicks(low, high, std::min(count, 5));
  }
  if (decades < 2 && decades * 3 + 1 <= count) {
    return decadeSteps(low, high, true);
  }
  std::vector<double> ticks;
  const int first = static_cast<int>(std::ceil(std::log10(low) - 1e-9));
  const int last = static_cast<int>(std::floor(std::log10(high) + 1e-9));
  const int stride = std::max(1, (last - first + std::max(count, 1)) / std::max(count, 1));
  for (int power = last; power >= first; power -= stride) {
    ticks.insert(ticks.begin(), std::pow(10.0, power));
  }
  return ticks;
}

LossRange lossRange(const RunHistory& history) {
  double low = 1e300;
  double high = 0;
  for (const GroupSeries& group : history.groups()) {
    for (const double value : group.loss.values) {
      if (value > 0 && std::isfinite(value)) {
        low = std::min(low, value);
        high = std::max(high, value);
      }
    }
  }
  if (high <= 0) {
    for (const double value : history.stepLoss().values) {
      if (value > 0 && std::isfinite(value)) {
        low = std::min(low, value);
        high = std::max(high, value);
      }
    }
  }
  if (high <= 0) {
    return {};
  }
  low = std::max(low, high * 1e-8);
  // A little air, and at least a factor of ten.
  high *= 1.6;
  low = std::min(low / 1.6, high / 10);
  return {low, high};
}

Series decimated(std::span<const double> steps, std::span<const double> values,
                 const TimeScale& scale, double first, double last, int columns) {
  Series out;
  if (steps.empty() || columns < 1 || !(last > first)) {
    return out;
  }
  const auto push = [&](std::size_t i) {
    out.steps.push_back(scale.toAxis(steps[i]));
    out.values.push_back(values[i]);
  };
  // The first point at or after the border before a column: columns are found by their borders in
  // steps, so that no point's place on the axis is computed but those of the result.
  const auto firstOf = [&](int column) {
    const double border = scale.toStep(first + (last - first) * column / columns);
    return static_cast<std::size_t>(std::lower_bound(steps.begin(), steps.end(), border) -
                                    steps.begin());
  };
  std::size_t begin = firstOf(0);
  if (begin > 0) {
    push(begin - 1);
  }
  for (int column = 0; column < columns && begin < steps.size(); ++column) {
    const std::size_t end = firstOf(column + 1);
    if (end <= begin) {
      continue;
    }
    std::size_t low = begin;
    while (low + 1 < end && std::isnan(values[low])) {
      ++low;
    }
    if (low != begin) {
      push(begin);  // no line is drawn across a gap
    }
    std::size_t high = low;
    for (std::size_t i = low + 1; i < end; ++i) {
      low = values[i] < values[low] ? i : low;
      high = values[i] > values[high] ? i : high;
    }
    push(std::min(low, high));
    if (low != high) {
      push(std::max(low, high));
    }
    begin = end;
  }
  if (begin < steps.size()) {
    push(begin);  // the neighbour outside, or what lies on the border
  }
  return out;
}

Series decimated(const Series& series, const TimeScale& scale, double first, double last,
                 int columns) {
  return decimated(std::span(series.steps), std::span(series.values), scale, first, last, columns);
}

double liftFloor(std::span<const double> lifts) {
  double low = 0;
  for (const double lift : lifts) {
    low = lift < low ? lift : low;  // never so for what is no number
  }
  return std::max(low, -1.0);
}

Series smoothed(const Series& series, int level) {
  if (level <= 0 || series.size() < 2) {
    return series;
  }
  const double share = level == 1 ? 0.3 : 0.08;
  Series out = series;
  for (std::size_t i = 1; i < out.size(); ++i) {
    if (std::isfinite(out.values[i]) && std::isfinite(out.values[i - 1])) {
      out.values[i] = out.values[i - 1] + share * (out.values[i] - out.values[i - 1]);
    }
  }
  return out;
}

}  // namespace anchorlens::widgets
