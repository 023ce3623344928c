// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/step_schedule.h"

#include <algorithm>
#include <cmath>

namespace anchorlens::core {
namespace {

std::int64_t logSpaced(std::int64_t k, int per_decade) {
  return std::llround(std::pow(10.0, static_cast<double>(k) / per_decade));
}

bool isLogSpaced(std::int64_t step, int per_decade) {
  if (step < 1 || per_decade < 1) {
    return false;
  }
  // The candidates around the exact logarithm: rounding may push a step to either side.
  const double exact = per_decade * std::log10(static_cast<double>(step));
  const auto middle = static_cast<std::int64_t>(std::llround(exact));
  for (std::int64_t k = std::max<std::int64_t>(0, middle - 1); k <= middle + 1; ++k) {
    if (logSpaced(k, per_decade) == step) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::int64_t stepsPerEpoch(const ExperimentSpec& spec) {
  const std::int64_t batch = std::max(1, spec.training.batch_size);
  return std::max<std::int64_t>(1, (spec.data.n_train + batch - 1) / batch);
}

std::int64_t totalSteps(const ExperimentSpec& spec) {
  return spec.training.steps ? *spec.training.steps
                             : spec.training.epochs.value_or(0) * stepsPerEpoch(spec);
}

bool isDue(const StepSchedule& schedule, std::int64_t step, std::int64_t first, std::int64_t last) {
  if (step == first || step == last) {
    return true;
  }
  if (schedule.every && step % *schedule.every == 0) {
    return true;
  }
  return isLogSpaced(step, schedule.per_decade);
}

std::int64_t countDue(const StepSchedule& schedule, std::int64_t last) {
  std::int64_t count = last > 0 ? 2 : 1;
  if (schedule.every && *schedule.every > 0 && last > 0) {
    count += (last - 1) / *schedule.every;
  }
  if (schedule.per_decade > 0 && last > 0) {
    const double exact = schedule.per_decade * std::log10(static_cast<double>(last));
    count += std::min(last, static_cast<std::int64_t>(std::ceil(exact)));
  }
  return std::min(count, last + 1);
}

std::vector<std::int64_t> dueSteps(const StepSchedule& schedule, std::int64_t last,
                                   std::size_t at_most) {
  std::vector<std::int64_t> steps{0};
  if (last < 1) {
    return steps;
  }
  if (schedule.every && *schedule.every > 0) {
    const std::int64_t count = (last - 1) / *schedule.every;
    const auto limit = static_cast<std::int64_t>(std::max<std::size_t>(1, at_most));
    const std::int64_t stride =
        *schedule.every * std::max<std::int64_t>(1, (count + limit - 1) / limit);
    for (std::int64_t step = stride; step < last; step += stride) {
      steps.push_back(step);
    }
  }
  if (schedule.per_decade > 0) {
    for (std::int64_t k = 0; logSpaced(k, schedule.per_decade) < last; ++k) {
      steps.push_back(logSpaced(k, schedule.per_decade));
    }
  }
  steps.push_back(last);
  std::sort(steps.begin(), steps.end());
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  return steps;
}

}  // namespace anchorlens::core
