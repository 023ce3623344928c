// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <cstdint>

namespace anchorlens::core {

/// Learning rate of the optimiser step after `step` steps (ScheduleSpec says the formula): what the
/// trainer takes and the schedule's picture shows.
double learningRate(const TrainingSpec& training, std::int64_t step, std::int64_t steps_per_epoch);

}  // namespace anchorlens::core
