// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/experiment.h"
#include "engine/core/task/task.h"

#include <optional>

namespace anchorlens::core {

/// What checkExperiment says, and the task that it compiled on the way: who needs both does not
/// compile twice.
struct CheckedExperiment {
  SpecErrors errors;
  std::optional<Task> task;  ///< empty when the task is wrong or a field is
};
CheckedExperiment checkAndCompile(const ExperimentSpec& spec);

}  // namespace anchorlens::core
