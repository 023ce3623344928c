// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/store/checkpoint.h"
#include "engine/core/store/run_store.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// RUN/checkpoints: which files are there, and which keep optimiser state.
namespace anchorlens::core {

/// Tensors of the optimiser, which all but the last checkpoints lose, are named with this.
inline constexpr std::string_view kOptimizerPrefix = "optimizer.";
/// Checkpoints that keep optimiser state.
inline constexpr std::size_t kCheckpointsWithOptimizer = 2;

/// The step of "step-000001200.safetensors"; empty for any other name.
std::optional<std::int64_t> stepOfCheckpoint(std::string_view file_name);

/// Plain SGD keeps nothing between steps: its checkpoints lack nothing without such tensors.
bool hasOptimizerState(const TrainingSpec& training);

/// Whether it holds tensors of the optimiser.
bool hasOptimizerTensors(const Checkpoint& checkpoint);

/// Whether training can go on from it.
bool hasOptimizer(const Checkpoint& checkpoint, const TrainingSpec& training);

/// Files whose header is whole and fits the file's length, ascending by step.
std::vector<CheckpointInfo> listCheckpoints(const std::filesystem::path& run,
                                            const TrainingSpec& training);

/// A file that is named after another step than its metadata says tells of weights that are not
/// those. Other names say nothing.
Expected<void, IoError> checkStep(const std::filesystem::path& file, const Checkpoint& checkpoint);

/// Whether a file is named like a checkpoint, whole or not.
bool hasCheckpointFiles(const std::filesystem::path& run);

/// Takes optimiser state out of all but the last two that have it; `checkpoints` is kept up to
/// date.
Expected<void, IoError> thinOptimizers(std::vector<CheckpointInfo>& checkpoints);

/// Removes files of RUN/checkpoints in this order; after an error the others are still there.
Expected<void, IoError> removeCheckpoints(const std::filesystem::path& run,
                                          const std::vector<std::filesystem::path>& files);

/// Removes the files of later steps, the latest first, whole or not.
Expected<void, IoError> removeCheckpointsAfter(const std::filesystem::path& run, std::int64_t step);

}  // namespace anchorlens::core
