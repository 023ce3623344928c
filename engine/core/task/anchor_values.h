// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/compile.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

/// `values` of the rule `anchors` and of `relabel`: {"A": 3, "B": 4}. Private to the task.
namespace anchorlens::core {

/// (symbol, token) of the names that are variables of the form.
std::vector<std::pair<int, int>> anchorValues(const FormPlan& form,
                                              const std::map<std::string, int>& values);

bool hasAnchors(const FormPlan& form, const std::vector<std::pair<int, int>>& anchors,
                int combination);

/// Every name must be a variable of some form, every value one of its tokens, and some form must
/// draw the combination.
void checkAnchorValues(const TaskPlan& plan, const std::map<std::string, int>& values,
                       const std::string& pointer, ErrorList& errors);

}  // namespace anchorlens::core
