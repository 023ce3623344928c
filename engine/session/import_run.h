// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/import/import_plan.h"
#include "engine/session.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

/// Other people's checkpoints as a run directory that is marked as foreign: every view has its
/// frames, it can be exported and forked, and not continued (docs/import.md).
namespace anchorlens::engine {

struct ImportOptions {
  EngineModule* engine = nullptr;  ///< null: openEngine(); tests bring their own
  std::function<void(std::size_t done, std::size_t total)> progress;  ///< checkpoints; may be empty
  std::function<bool()> is_stopped;  ///< asked between checkpoints; may be empty
};

struct ImportedRun {
  std::string kind;
  std::size_t checkpoints = 0;
  std::int64_t last_step = 0;
  std::size_t log_rows = 0;
  /// Of the last checkpoint: on sequences drawn here, and what its own log says (NaN: nothing).
  double test_accuracy = 0;
  double logged_test_accuracy = 0;
  std::vector<std::string> notes;
};

/// Reads each checkpoint, evaluates it, scores its heads, and writes the run. All or nothing: the
/// folder appears when the run is whole. Errors name the file and the tensor.
Result<ImportedRun> importRun(const core::ImportPlan& plan, const std::filesystem::path& run,
                              const ImportOptions& options);

/// What an imported run cannot do, and what it can.
inline constexpr const char* kForeignText =
    "No optimiser state: this run can be forked, not continued.";

}  // namespace anchorlens::engine
