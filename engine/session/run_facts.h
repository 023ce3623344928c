// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"
#include "engine/session/run_parts.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace anchorlens::engine {

/// What a run directory says of itself at one moment.
struct RunFacts {
  std::filesystem::path run;
  core::ExperimentSpec spec;
  core::RunStatus status;
  core::Provenance provenance;
  std::vector<core::CheckpointInfo> checkpoints;  ///< ascending by step
  History history;                                ///< what was changed while it was trained

  /// Total steps when the run was given more than its experiment says.
  std::optional<std::int64_t> extendedTotal() const;
  /// Where its rows begin: 0, or the step of the fork.
  std::int64_t firstStep() const;
  /// Imported: its checkpoints are all there is, and have no optimiser state.
  bool isForeign() const { return !provenanceValue(provenance, kForeign).empty(); }
  bool isFork() const { return !provenanceValue(provenance, kParent).empty(); }
};
Result<RunFacts> readRunFacts(const std::filesystem::path& run);

/// An optimiser without tensors of its own (plain gradient descent) makes every checkpoint a full
/// one: says so in facts.checkpoints.
void markFullCheckpoints(RunFacts& facts, const Trainer& trainer);

/// The newest checkpoint with optimiser state that can be read; none when the run has none yet.
/// When there are some and none can be read, the newest one's error.
Result<std::optional<core::Checkpoint>> lastFullCheckpoint(const RunFacts& facts);

/// The newest evaluation at or before `step`.
Result<core::Metrics> metricsAt(const std::filesystem::path& run, std::int64_t step);

/// The experiment that a trainer of this run gets: its own, or with the steps it was given later.
core::ExperimentSpec trainerSpec(const RunFacts& facts);

/// Whether the run has been at `step`; the error names the steps it has.
Result<void> checkRange(const RunFacts& facts, std::int64_t step);

/// Brings an untrained trainer of this run to `step`: from its checkpoint; else by an exact replay
/// from the nearest earlier full state if that takes under kReplayLimit (`full`: kForkReplayLimit);
/// else to the nearest earlier checkpoint. `full`: only states with optimiser count, so that the
/// trainer can train on. Returns the step it has come to; the trainer measures with what holds
/// there.
Result<std::int64_t> bringTo(Trainer& trainer, const RunFacts& facts, std::int64_t step, bool full);

}  // namespace anchorlens::engine
