// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/learning_rate.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace anchorlens::core {

double learningRate(const TrainingSpec& training, std::int64_t step, std::int64_t steps_per_epoch) {
  const ScheduleSpec& schedule = training.schedule;
  const double peak = training.learning_rate;
  const std::int64_t t =
      schedule.unit == ScheduleSpec::Unit::Epochs ? step / steps_per_epoch : step;
  if (t < schedule.warmup) {
    return schedule.start +
           (peak - schedule.start) * static_cast<double>(t) / static_cast<double>(schedule.warmup);
  }
  if (schedule.kind == ScheduleSpec::Kind::Constant || schedule.decay == 0) {
    return peak;
  }
  const double done =
      std::min(1.0, static_cast<double>(t - schedule.warmup) / static_cast<double>(schedule.decay));
  return schedule.end + (peak - schedule.end) * 0.5 * (1.0 + std::cos(std::numbers::pi * done));
}

}  // namespace anchorlens::core
