// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <optional>
#include <string>
#include <vector>

namespace anchorlens::ctl {

/// What a command line changes in an experiment.
struct Changes {
  std::vector<std::string> assignments;  ///< --set
  std::optional<std::string> device;     ///< --device
  std::optional<int> threads;            ///< --threads
};

/// What to say of a file that is not there but has the name of a preset or a study that ships: the
/// command that makes it; empty for any other.
std::string presetHint(const std::string& file);
std::string studyHint(const std::string& file);

/// `spec` with the changes; empty, with the errors printed, when they are wrong.
std::optional<core::ExperimentSpec> withChanges(const core::ExperimentSpec& spec,
                                                const Changes& changes);

/// Reads, changes and checks an experiment file; empty, with all errors printed, when it is wrong.
std::optional<core::ExperimentSpec> readInput(const std::string& file, const Changes& changes);

/// Whether the experiment can be trained; prints all errors.
bool isRight(const core::ExperimentSpec& spec, const std::string& file);

/// Whether its device and precision can be trained with on this machine; prints why not. Opens
/// nothing.
bool canTrainHere(const core::ExperimentSpec& spec, const std::string& place);

}  // namespace anchorlens::ctl
