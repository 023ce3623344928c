// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session.h"
#include "engine/torch/model.h"

#include <vector>

namespace anchorlens::engine {

/// Accuracy and loss by group; only groups that occur, ascending.
std::vector<core::GroupMetrics> evaluateGroups(const Model& model, const core::SequenceSet& set,
                                               at::Device device);

/// Predictions and losses of every sequence, and on request its patterns.
ForwardOutput forwardAll(const Model& model, const core::ModelSpec& spec,
                         const core::SequenceSet& set, bool with_patterns, at::Device device);

/// Logits at the reader. Shape: [n, d_vocab]
std::vector<float> logitsOf(const Model& model, const core::SequenceSet& set, at::Device device);

}  // namespace anchorlens::engine
