// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/training_batch.h"

#include <algorithm>

namespace anchorlens::engine {

void TrainingBatch::resize(std::size_t count, int positions) {
  seq_len = positions;
  tokens.resize(count * static_cast<std::size_t>(positions));
  readers.resize(count);
  targets.resize(count);
}

void TrainingBatch::setRow(std::size_t row, const core::SequenceSet& set, std::size_t i,
                           std::int32_t target) {
  const auto width = static_cast<std::size_t>(set.seq_len);
  std::copy_n(set.tokens.data() + i * width, width, tokens.data() + row * width);
  readers[row] = set.lengths[i] - 1;
  targets[row] = target;
}

TrainingBatch trainingBatchOf(const core::SequenceSet& set) {
  TrainingBatch batch;
  batch.resize(set.size(), set.seq_len);
  batch.is_padded = hasPadding(set, 0, set.size());
  for (std::size_t i = 0; i < set.size(); ++i) {
    batch.setRow(i, set, i, set.targets[i]);
  }
  return batch;
}

bool hasPadding(const core::SequenceSet& set, std::size_t first, std::size_t count) {
  return std::any_of(set.lengths.begin() + static_cast<std::ptrdiff_t>(first),
                     set.lengths.begin() + static_cast<std::ptrdiff_t>(first + count),
                     [&](std::int32_t length) { return length < set.seq_len; });
}

}  // namespace anchorlens::engine
