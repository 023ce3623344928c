// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/study.h"

#include <cstddef>
#include <string>
#include <vector>

/// What the settings of a study ask of a machine; seeds change none of it.
namespace anchorlens::ctl {

/// Of every setting that has runs in the plan the first of them.
std::vector<std::size_t> firstMembers(const core::StudyPlan& plan);

/// The threads of the run that takes the most.
int mostThreads(const core::StudyPlan& plan);

/// Whether this machine can train every setting; prints of which it cannot, and why. `file`: the
/// study's.
bool canTrainAllHere(const core::StudyPlan& plan, const std::string& file);

}  // namespace anchorlens::ctl
