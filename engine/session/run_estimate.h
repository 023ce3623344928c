// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <cstdint>

namespace anchorlens::engine {

/// Optimiser steps of an experiment; an epoch is ceil(n_train / batch_size) of them.
std::int64_t totalSteps(const core::ExperimentSpec& spec);

/// How many steps of 0..last a schedule names, itself included; exact up to double counting of
/// steps that are both log-spaced and multiples.
std::int64_t countDue(const core::StepSchedule& schedule, std::int64_t last);

/// What a run will hold, before it starts; without the frames around jumps and the checkpoints by
/// time, which cannot be known.
struct RunEstimate {
  std::int64_t steps = 0;
  std::int64_t parameters = 0;
  std::int64_t frames = 0;
  std::int64_t checkpoints = 0;
  double bytes = 0;  ///< of the run directory, frames before compression
};
RunEstimate estimateRun(const core::ExperimentSpec& spec);

}  // namespace anchorlens::engine
