// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <cstdint>

namespace anchorlens::engine {

/// Learning rate of the optimiser step after `step` steps (ScheduleSpec says the formula).
double learningRate(const core::TrainingSpec& training, std::int64_t step,
                    std::int64_t steps_per_epoch);

}  // namespace anchorlens::engine
