// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/study.h"

#include <string>
#include <vector>

namespace anchorlens::core {

/// The assignments of --set that make a setting's experiment from the base.
std::vector<std::string> assignmentsOf(const StudyPlan& plan, std::size_t setting);

/// What is wrong with the runs, each fault once; pointers are those of the study file. Two settings
/// that are the same experiment are a fault too.
SpecErrors checkRuns(const StudyPlan& plan, std::stop_token stop);

}  // namespace anchorlens::core
