// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/experiment.h"
#include "engine/core/task/task.h"

/// What has to agree between the fields of an experiment whose every field is right by itself. The
/// task's own rules are Task::compile's.
namespace anchorlens::core {

SpecErrors checkModel(const ExperimentSpec& spec);
SpecErrors checkTraining(const ExperimentSpec& spec);
SpecErrors checkProbe(const ExperimentSpec& spec);
/// Sizes that no machine of today holds, found before memory is taken.
SpecErrors checkMemory(const ExperimentSpec& spec);

/// All of these and what the compiled task says, in the order of the document: checkExperiment of
/// an experiment that has been read, so that its form is right. `task` is Task::compile of its
/// task.
SpecErrors checkMeaning(const ExperimentSpec& spec, const Expected<Task, SpecErrors>& task);

}  // namespace anchorlens::core
