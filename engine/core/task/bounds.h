// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/plan.h"

#include <string>
#include <vector>

/// What can be said of a target without trying every key. Private to the task.
namespace anchorlens::core {

struct Bounds {
  double min = 0;
  double max = 0;
};

/// Safe bounds of a form's true answers, over all combinations and keys.
Bounds boundsOf(const TaskPlan& plan, const FormPlan& form);

/// Safe bounds of an operation that gets the given keys of a form.
Bounds boundsOf(const TaskPlan& plan, const FormPlan& form, const OperationPlan& operation,
                const std::vector<int>& keys);

/// The composed operation where it is a multiple of one key plus a number: "9x", "x-10"; else
/// empty.
std::string linearText(const TaskPlan& plan, const FormPlan& form, const Reading& reading);

}  // namespace anchorlens::core
