// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/sequence_set.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace anchorlens::engine {

/// What a training step sees, in host memory.
///
/// Shape:
///   tokens:  [batch, pos]; padding is 0
///   readers: [batch]: the row whose answer counts, the last real token
///   targets: [batch]
struct TrainingBatch {
  std::int64_t seq_len = 0;
  bool is_padded = false;  ///< some sequence may be shorter than seq_len
  std::vector<std::int32_t> tokens;
  std::vector<std::int32_t> readers;
  std::vector<std::int32_t> targets;

  std::int64_t size() const { return static_cast<std::int64_t>(readers.size()); }
  void resize(std::size_t count, int positions);
  /// Sequence i of a set becomes row `row`, with this target.
  void setRow(std::size_t row, const core::SequenceSet& set, std::size_t i, std::int32_t target);
};

/// Sequences of a set with their own targets.
TrainingBatch trainingBatchOf(const core::SequenceSet& set);

/// Whether any sequence of a set is shorter than its rows.
bool hasPadding(const core::SequenceSet& set, std::size_t first, std::size_t count);

}  // namespace anchorlens::engine
