// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/plan.h"

#include <string>
#include <vector>

namespace anchorlens::core {

/// The steps from the keys of a reading to its true answer. Private to the task.
std::vector<std::string> targetSteps(const TaskPlan& plan, const Reading& reading);
/// "46 -> x-6 = 40": what training teaches of a relabelled combination; empty for others.
std::string taughtStep(const TaskPlan& plan, const Reading& reading);

}  // namespace anchorlens::core
