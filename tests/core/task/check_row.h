// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/task.h"

#include <span>
#include <string>

namespace anchorlens::test {

/// Looks at one drawn row of a set with judge() and with brute force: answers, target, split, roles
/// and group. Empty when all agree, else what is wrong.
std::string checkRow(const core::Task& task, const core::SequenceSet& set, std::size_t i);

/// "30 3 45 "
std::string tokensText(std::span<const std::int32_t> tokens);

}  // namespace anchorlens::test
