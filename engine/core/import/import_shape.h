// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/experiment.h"
#include "engine/core/import/foreign_names.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anchorlens::core {

/// The import file: a small JSON that says what a state dict is (docs/import.md).
struct ImportShape {
  ExperimentSpec spec;
  ImportNames names;
  struct File {
    std::string file;
    std::int64_t step = 0;
  };
  std::vector<File> checkpoints;  ///< empty: those that are beside it
  std::string part;               ///< pointer to the experiment in the document
};

/// Strict: unknown keys and wrong types are errors, all at once. An experiment file is one too.
Expected<ImportShape, SpecErrors> parseImportShape(std::string_view json_text);
Expected<ImportShape, SpecErrors> readImportShape(const std::filesystem::path& file);

/// What a person has to write when there is none: a whole example, for messages.
std::string importShapeExample();

}  // namespace anchorlens::core
