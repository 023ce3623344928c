// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/experiment.h"
#include "engine/core/store/run_lock.h"
#include "engine/core/store/run_store.h"
#include "engine/session.h"

#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

namespace anchorlens::engine {

struct PruneRequest {
  core::StepSchedule schedule;     ///< of the checkpoints that stay
  std::vector<std::int64_t> keep;  ///< these stay besides
};

/// Which checkpoints of a run go. Holds the run's lock: nobody trains it as long as this lives.
class Pruning {
 public:
  /// Decides and removes nothing. Besides what is due and what is to be kept stay the first one,
  /// the last two, the last two with optimiser state, from which training goes on, and the one at
  /// or before every step that a change of the training, a causal test or a bookmark names. The
  /// error says why the run cannot be pruned so; Storage: its lock cannot be written.
  static Result<Pruning> plan(const std::filesystem::path& run, const PruneRequest& request);

  /// Both ascending by step.
  const std::vector<core::CheckpointInfo>& kept() const { return m_kept; }
  const std::vector<core::CheckpointInfo>& removed() const { return m_removed; }

  /// Removes them one after the other, the earliest first. However far it comes, what is left is a
  /// run.
  core::Expected<void, core::IoError> carryOut() const;

 private:
  Pruning(std::filesystem::path run, core::RunLock lock)
      : m_run(std::move(run)), m_lock(std::move(lock)) {}

  std::filesystem::path m_run;
  core::RunLock m_lock;
  std::vector<core::CheckpointInfo> m_kept;
  std::vector<core::CheckpointInfo> m_removed;
};

}  // namespace anchorlens::engine
