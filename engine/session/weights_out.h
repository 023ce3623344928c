// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/import/foreign_names.h"
#include "engine/session/run_session.h"

#include <cstddef>
#include <filesystem>

/// A run's weights, and what they answer, as files for other programs.
namespace anchorlens::engine {

/// Writes the weights as a safetensors file under a family's names (core/import/export_weights.h)
/// with step, experiment and version in its metadata; returns the number of tensors. A failure
/// leaves no file.
Result<std::size_t> writeWeights(RunSnapshot& snapshot, const std::filesystem::path& file,
                                 core::NameFamily family);

/// At most this many sequences are written with their logits.
inline constexpr std::size_t kLogitSequences = 1000;

/// Writes an .npz of the first kLogitSequences test sequences and what the model answers:
/// tokens [n, seq_len], length [n], target [n], group [n], logits [n, d_vocab] at the reader, step.
Result<void> writeLogits(RunSnapshot& snapshot, const std::filesystem::path& file);

}  // namespace anchorlens::engine
