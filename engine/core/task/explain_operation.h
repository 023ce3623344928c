// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/plan.h"

#include <optional>
#include <string>
#include <vector>

/// Values and operations as the explanations write them. Private to the task.
namespace anchorlens::core {

/// "46, 31"
std::string joined(const std::vector<std::string>& texts);
/// "80 %"; up to six decimals.
std::string percentText(double p);
/// "47"; of a random value "80 %: 46, 20 %: 47"
std::string outcomesText(const Outcomes& outcomes);
/// The operation that a row of the task stands for; synonyms are followed.
std::optional<Operation> operationOf(const TaskSpec& spec, std::int64_t token);
/// "x+1 = 47", "table 7 = 83", "80 %: x = 46, 20 %: x+1 = 47". `args` are empty when they are
/// random themselves.
std::string appliedText(const Operation& text, const OperationPlan& operation,
                        const Operations& operations, const std::vector<std::int64_t>& args,
                        const Outcomes& results);

}  // namespace anchorlens::core
