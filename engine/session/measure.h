// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/frame.h"
#include "engine/session.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

/// What is measured of a model in training: accuracy by group, and frames of the probe batch.
namespace anchorlens::engine {

/// Rows first..first+count-1 as a set of their own.
core::SequenceSet subset(const core::SequenceSet& sequences, std::size_t first, std::size_t count);

/// Of the fixed training data this many sequences, the first ones, tell the training accuracy.
constexpr std::size_t kTrainAccuracySequences = 500;

/// Fills the four totals of `metrics` from its groups, weighted by their sizes: train over groups
/// of kind Seen, test over HeldOutKeys; NaN where there are none.
void fillTotals(core::Metrics& metrics, const std::vector<core::GroupInfo>& groups);

/// Accuracy and loss of every group of both sets, ascending by group, with the totals.
Result<core::Metrics> evaluateSets(Trainer& trainer, const core::Task& task,
                                   const core::SequenceSet& train, const core::SequenceSet& test);

/// Which parts a frame keeps.
struct FrameParts {
  bool patterns = true;
  bool mean_pattern = true;
  bool predictions = true;
};

/// Runs the probe batch through the model and scores its heads. `shown`: how many of the first
/// sequences keep patterns and predictions of their own.
Result<std::shared_ptr<const core::Frame>> makeFrame(Trainer& trainer, const core::Task& task,
                                                     const core::SequenceSet& probe, int shown,
                                                     const FrameParts& parts, bool causal,
                                                     std::uint64_t run_id);

/// The same, all parts, of the model with a request's changes (its captures do not matter).
Result<std::shared_ptr<const core::Frame>> makeChangedFrame(Trainer& trainer,
                                                            const core::Task& task,
                                                            const core::SequenceSet& probe,
                                                            int shown, bool causal,
                                                            InspectRequest request);

}  // namespace anchorlens::engine
