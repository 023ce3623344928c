// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/experiment.h"

#include <filesystem>
#include <string>
#include <string_view>

/// A task as a text that can be mailed, pasted and saved as a file.
namespace anchorlens::core {

/// An experiment document with name and task alone: a valid experiment file, whose other parts have
/// their defaults.
std::string writeTask(const ExperimentSpec& spec);

/// The experiment with a pasted text in place: of a document with parts beside the task all of it,
/// of a document or object with a task (or of a bare task: "forms", "seq_len", ...) the task.
/// Strict as parseExperiment.
Expected<ExperimentSpec, SpecErrors> withPastedTask(const ExperimentSpec& spec,
                                                    std::string_view text);

/// The same with the text of a file. What is not finished in it stays, as in parseDraft; errors are
/// those of the strict reading.
Expected<ExperimentSpec, SpecErrors> withTaskFile(const ExperimentSpec& spec,
                                                  const std::filesystem::path& file);

/// A JSON object, well-formed or not, and not a pattern that begins with blocks.
bool looksLikeJson(std::string_view text);

}  // namespace anchorlens::core
