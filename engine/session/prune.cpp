// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/prune.h"

#include "engine/core/step_schedule.h"
#include "engine/core/store/bookmarks.h"
#include "engine/core/store/checkpoint_folder.h"
#include "engine/core/store/intervention_file.h"
#include "engine/core/store/run_place.h"
#include "engine/core/store/writer_database.h"
#include "engine/session/causal_record.h"
#include "engine/session/run_parts.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <set>
#include <string>

namespace anchorlens::engine {
namespace {

namespace fs = std::filesystem;
using Checkpoints = std::vector<core::CheckpointInfo>;

/// Steps of the run's changes, causal tests and bookmarks.
core::Expected<std::vector<std::int64_t>, core::IoError> namedSteps(const fs::path& run) {
  const auto history = core::readInterventions(run);
  if (!history) {
    return core::Unexpected(history.error());
  }
  const auto bookmarks = core::readBookmarks(run);
  if (!bookmarks) {
    return core::Unexpected(bookmarks.error());
  }
  std::vector<std::int64_t> steps;
  for (const core::Intervention& change : *history) {
    steps.push_back(change.step);
  }
  for (const core::Bookmark& bookmark : *bookmarks) {
    steps.push_back(bookmark.step);
  }
  for (const CausalRecord& record : readCausalTests(run)) {
    steps.push_back(record.result.step);
    if (record.result.from_step) {
      steps.push_back(*record.result.from_step);
    }
  }
  return steps;
}

/// Whether each of the steps has a checkpoint.
Result<void> checkAreThere(const fs::path& run, const std::vector<std::int64_t>& steps,
                           const Checkpoints& checkpoints) {
  for (const std::int64_t step : steps) {
    const auto nearest = std::min_element(
        checkpoints.begin(), checkpoints.end(),
        [step](auto& a, auto& b) { return std::abs(a.step - step) < std::abs(b.step - step); });
    if (nearest->step != step) {
      return core::Unexpected(EngineError{
          run.string() + ": has no checkpoint of step " + std::to_string(step) +
              " that could be kept; the nearest is of step " + std::to_string(nearest->step) + ".",
          {}});
    }
  }
  return {};
}

/// Steps of the last two checkpoints, and of the last two that training can go on from.
std::set<std::int64_t> lastSteps(const Checkpoints& checkpoints) {
  std::set<std::int64_t> steps;
  std::size_t n = 0;
  std::size_t n_full = 0;
  for (auto info = checkpoints.rbegin(); info != checkpoints.rend(); ++info) {
    const bool is_last = ++n <= core::kCheckpointsWithOptimizer;
    const bool is_last_full = info->has_optimizer && ++n_full <= core::kCheckpointsWithOptimizer;
    if (is_last || is_last_full) {
      steps.insert(info->step);
    }
  }
  return steps;
}

std::set<std::int64_t> stayingSteps(const Checkpoints& checkpoints, const PruneRequest& request,
                                    const std::vector<std::int64_t>& named) {
  std::set<std::int64_t> steps = lastSteps(checkpoints);
  steps.insert(request.keep.begin(), request.keep.end());
  const std::int64_t first = checkpoints.front().step;
  const std::int64_t last = checkpoints.back().step;
  for (const core::CheckpointInfo& info : checkpoints) {
    if (core::isDue(request.schedule, info.step, first, last)) {
      steps.insert(info.step);
    }
  }
  for (const std::int64_t step : named) {
    const auto later = std::upper_bound(
        checkpoints.begin(), checkpoints.end(), step,
        [](std::int64_t wanted, const core::CheckpointInfo& info) { return wanted < info.step; });
    if (later != checkpoints.begin()) {
      steps.insert(std::prev(later)->step);
    }
  }
  return steps;
}

}  // namespace

Result<Pruning> Pruning::plan(const fs::path& run, const PruneRequest& request) {
  // Before the lock is taken: what is no run gets no file from us.
  const auto reader = core::RunReader::open(run);
  if (!reader) {
    return core::Unexpected(toEngineError(reader.error()));
  }
  const bool is_shared = core::isNetworkFileSystem(run) || core::WriterDatabase::wasShared(run);
  auto lock = core::RunLock::acquire(run, is_shared);
  if (!lock) {
    EngineError error = toEngineError(lock.error());
    if (!core::lockState(run, is_shared).held) {
      error.cause = EngineError::Cause::Storage;
    }
    return core::Unexpected(error);
  }
  Pruning pruning(run, std::move(*lock));
  const auto checkpoints = (*reader)->checkpoints();
  const auto named = namedSteps(run);
  if (!checkpoints || !named) {
    return core::Unexpected(toEngineError(checkpoints ? named.error() : checkpoints.error()));
  }
  if (checkpoints->empty()) {
    return core::Unexpected(
        EngineError{run.string() + ": has no checkpoint yet that could be removed.", {}});
  }
  if (auto are_there = checkAreThere(run, request.keep, *checkpoints); !are_there) {
    return core::Unexpected(are_there.error());
  }
  const std::set<std::int64_t> staying = stayingSteps(*checkpoints, request, *named);
  for (const core::CheckpointInfo& info : *checkpoints) {
    (staying.count(info.step) > 0 ? pruning.m_kept : pruning.m_removed).push_back(info);
  }
  return pruning;
}

core::Expected<void, core::IoError> Pruning::carryOut() const {
  if (auto owned = m_lock.check(); !owned) {
    return owned;
  }
  std::vector<fs::path> files;
  for (const core::CheckpointInfo& info : m_removed) {
    files.push_back(info.file);
  }
  return core::removeCheckpoints(m_run, files);
}

}  // namespace anchorlens::engine
