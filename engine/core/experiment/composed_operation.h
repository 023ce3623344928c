// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment/edit_held_out.h"
#include "engine/core/language/ast.h"

#include <optional>

namespace anchorlens::core {

/// What the answer of a pattern is for one choice of its anchors, in the names of its keys and
/// simplified: B(A(x)) with A `x-2` and B `x-8` is x-10. Random operations give branches, equal
/// ones added up. An anchor with a table stays applied: 7(x)+5. Empty when an anchor has no row,
/// no value or an operation that is none, and beyond 16 branches.
std::optional<Operation> composedOperation(const TaskSpec& task, const Pattern& pattern,
                                           const AnchorValues& values);

}  // namespace anchorlens::core
