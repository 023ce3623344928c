// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/scores.h"
#include "engine/core/task/sequence_set.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace anchorlens::core {

/// Attention of a batch, plain floats.
///
/// Shape:
///   pattern: [batch, layer, head, query_pos, key_pos], after softmax; rows of padding are 0
struct PatternBatch {
  std::size_t n = 0;
  int n_layers = 0;
  int n_heads = 0;
  int seq_len = 0;
  std::vector<float> pattern;

  std::size_t cells() const {
    return static_cast<std::size_t>(seq_len) * static_cast<std::size_t>(seq_len);
  }
  std::size_t heads() const {
    return static_cast<std::size_t>(n_layers) * static_cast<std::size_t>(n_heads);
  }
  /// [query_pos, key_pos] of one sequence and head.
  std::span<const float> of(std::size_t sequence, int layer, int head) const {
    const std::size_t index = sequence * heads() + static_cast<std::size_t>(layer * n_heads + head);
    return {pattern.data() + index * cells(), cells()};
  }
};

/// The five most probable answers of one sequence.
struct Prediction {
  std::array<std::int32_t, 5> tokens{};
  std::array<float, 5> p{};
};

/// What was recorded on the probe batch at one step. Immutable once made; shared as
/// shared_ptr<const Frame>.
struct Frame {
  std::uint64_t run_id = 0;
  std::int64_t step = 0;
  double epoch = 0;
  PatternBatch shown;  ///< the shown sequences; n = 0 when not kept or the model has no heads
  PatternBatch mean;   ///< n = 1: mean over the whole probe; n = 0 when lengths differ
  std::vector<HeadScores> scores;       ///< [layer * n_heads + head]
  std::vector<Prediction> predictions;  ///< of the shown sequences
  double probe_accuracy = 0;
  double probe_loss = 0;
};

/// Accuracy and loss of one group at one step.
struct GroupMetrics {
  std::int32_t group = 0;  ///< index into Task::groups()
  std::int64_t n = 0;
  double accuracy = 0;
  double loss = 0;  ///< mean cross-entropy, nats; against the true distribution if stochastic
};

/// One evaluation.
struct Metrics {
  std::uint64_t run_id = 0;
  std::int64_t step = 0;
  double epoch = 0;
  double learning_rate = 0;
  std::vector<GroupMetrics> groups;
  /// Over all sequences of groups of kind Seen, and of kind HeldOutKeys; NaN when there are none.
  double train_accuracy = 0;
  double train_loss = 0;
  double test_accuracy = 0;
  double test_loss = 0;
};

/// One optimiser step.
struct StepMetrics {
  std::int64_t step = 0;  ///< after the step: 1 is the first
  double loss = 0;        ///< mean over the batch, before the update
  double grad_norm = 0;   ///< before clipping
  double learning_rate = 0;
};

}  // namespace anchorlens::core
