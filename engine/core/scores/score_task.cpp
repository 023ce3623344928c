// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/scores/score_heads.h"

namespace anchorlens::core {

std::vector<HeadScores> scoreHeads(const PatternBatch& patterns, const SequenceSet& sequences,
                                   const Task& task, bool causal) {
  return scoreHeads(patterns, sequences, task.roles(), task.pairs(), causal);
}

}  // namespace anchorlens::core
