// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/experiment.h"
#include "engine/core/frame.h"
#include "engine/core/import/foreign_names.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// What a folder or file of another program's holds, before any tensor is read (docs/import.md).
namespace anchorlens::core {

struct ImportCheckpoint {
  std::int64_t step = 0;
  std::filesystem::path file;
};

/// What somebody else's training log says of one step; NaN where it says nothing.
struct ImportedLogRow {
  std::int64_t step = 0;
  double train_loss = 0;
  double test_loss = 0;
  double train_accuracy = 0;
  double test_accuracy = 0;
};

struct ImportPlan {
  std::filesystem::path source;
  std::string kind;  ///< "a run of the paper's code", "a state dict", ...
  ExperimentSpec spec;
  ImportNames names;
  std::vector<ImportCheckpoint> checkpoints;  ///< ascending by step, at least one
  std::vector<ImportedLogRow> log;            ///< ascending by step
  std::vector<std::string> notes;             ///< sentences on what was taken for granted
};

struct ImportRequest {
  std::filesystem::path source;
  /// An experiment file or an import file; empty: the one beside the source.
  std::optional<std::filesystem::path> shape;
  std::vector<std::string> assignments;  ///< --set
};

/// One error a line: the file, the place in it, what is wrong and what would be right.
using ImportErrors = std::vector<IoError>;

/// A folder of the paper's code (config.json), a folder or file with an import file (or experiment
/// file) that says its shape, or a file that Anchorlens exported.
Expected<ImportPlan, ImportErrors> planImport(const ImportRequest& request);

/// Whether planImport would know what this is: for a folder or file that is dropped on a window.
bool looksImportable(const std::filesystem::path& source);

/// The errors of a file, with their pointers.
ImportErrors toImportErrors(const std::filesystem::path& file, const SpecErrors& errors);

}  // namespace anchorlens::core
