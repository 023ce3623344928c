// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/frame.h"
#include "engine/torch/torch_api.h"

#include <vector>

/// What a model's logits say about the sequences they belong to.
namespace anchorlens::engine {

/// The answer that counts as right: the most probable one.
std::int32_t rightAnswer(const core::SequenceSet& set, std::size_t i);

/// Cross-entropy of sequence i against the true distribution, - sum of p log q. The answers of a
/// set that has none is its target with certainty. `log_q`: [d_vocab]
double lossOf(const core::SequenceSet& set, std::size_t i, const float* log_q);

/// The five most probable tokens of each row. log_q: [rows, d_vocab], any device
std::vector<core::Prediction> topAnswers(const at::Tensor& log_q);

}  // namespace anchorlens::engine
