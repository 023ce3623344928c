// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <cstddef>
#include <cstdint>
#include <vector>

/// Counting steps: how long an experiment trains, and at which steps something is recorded.
namespace anchorlens::core {

/// Optimiser steps of an epoch: ceil(n_train / batch_size); 1 for sizes that are no sizes.
std::int64_t stepsPerEpoch(const ExperimentSpec& spec);

/// Optimiser steps of an experiment.
std::int64_t totalSteps(const ExperimentSpec& spec);

/// Whether `step` is one of the schedule's: `first`, `last`, every `every` steps, or the nearest
/// step to 10^(k / per_decade) for some k >= 0. `first` is 0, or where a fork begins.
bool isDue(const StepSchedule& schedule, std::int64_t step, std::int64_t first, std::int64_t last);

/// How many steps of 0..last a schedule names, itself included; exact up to double counting of
/// steps that are both log-spaced and multiples.
std::int64_t countDue(const StepSchedule& schedule, std::int64_t last);

/// Those steps, ascending. When there would be more than `at_most` multiples of `every`, only each
/// n-th of them is given, for a picture that could not show them apart.
std::vector<std::int64_t> dueSteps(const StepSchedule& schedule, std::int64_t last,
                                   std::size_t at_most);

}  // namespace anchorlens::core
