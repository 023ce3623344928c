// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/frame.h"
#include "engine/core/scores.h"
#include "engine/core/task/sequence_set.h"
#include "engine/core/task/task.h"

#include <span>
#include <vector>

namespace anchorlens::core {

/// scoreHeads() of scores.h with the two things that it needs of a task.
/// Throws std::invalid_argument when the patterns are not of these sequences.
std::vector<HeadScores> scoreHeads(const PatternBatch& patterns, const SequenceSet& sequences,
                                   std::span<const RoleInfo> roles, std::span<const RolePair> pairs,
                                   bool causal);

}  // namespace anchorlens::core
