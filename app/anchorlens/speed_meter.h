// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/pace.h"

#include <cstdint>
#include <deque>
#include <optional>

namespace anchorlens::app {

/// Steps per second as the mean of the last two seconds, and the time that is left.
class SpeedMeter {
 public:
  /// `now` on a steady clock. A step below the last one starts anew (another run).
  void add(Micros now, std::int64_t step);
  void reset() { m_samples.clear(); }

  /// Empty until half a second was measured.
  std::optional<double> stepsPerSecond() const;
  /// Whole seconds until `total`; empty when the speed is unknown or zero.
  std::optional<std::int64_t> secondsLeft(std::int64_t total) const;

 private:
  struct Sample {
    Micros time;
    std::int64_t step;
  };
  std::deque<Sample> m_samples;
};

}  // namespace anchorlens::app
