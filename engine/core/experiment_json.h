// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/experiment.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// The experiment file (docs/format.md, "Experiment"): strict reading, complete writing.
namespace anchorlens::core {

/// The experiment with its defaults written out: each key variable of a pattern that task.keys does
/// not name gets the noise range. What parseExperiment returns and writeExperiment writes.
ExperimentSpec completed(ExperimentSpec spec);

/// JSON text to experiment: unknown keys, wrong types, numbers out of range, texts that are not in
/// the language: all errors at once. Files of an older format_version are migrated.
/// Checks form only; what needs the whole task (ranges of results, held-out rules, lengths) is
/// found by checkExperiment.
Expected<ExperimentSpec, SpecErrors> parseExperiment(std::string_view json_text);

/// As parseExperiment, but what a person may have typed and not finished stays: texts that are not
/// in the language and numbers out of range. checkExperiment says what is wrong with them.
/// parseDraft(writeExperiment(spec)) == completed(spec) for every spec of finite numbers and UTF-8.
Expected<ExperimentSpec, SpecErrors> parseDraft(std::string_view json_text);

/// Reads and parses a file; what the file system says becomes an error with an empty pointer.
Expected<ExperimentSpec, SpecErrors> readExperiment(const std::filesystem::path& file);

/// A file by parseDraft.
Expected<ExperimentSpec, SpecErrors> readDraft(const std::filesystem::path& file);

/// Complete, canonical, two-space indented, ends in a newline.
/// parseExperiment(writeExperiment(spec)) == completed(spec).
std::string writeExperiment(const ExperimentSpec& spec);

/// Everything that can be wrong: the form of each field and the task as a whole (Task::compile).
/// Empty when it can be trained.
SpecErrors checkExperiment(const ExperimentSpec& spec);

/// One `--set`: pointer and value as text: `/training/seed=2`. The value is JSON; what is not JSON
/// is taken as a string. Setting one of epochs and steps nulls the other. Uses parseExperiment, so
/// errors are the same.
Expected<ExperimentSpec, SpecErrors> setField(const ExperimentSpec& spec,
                                              std::string_view assignment);
Expected<ExperimentSpec, SpecErrors> setFields(const ExperimentSpec& spec,
                                               const std::vector<std::string>& assignments);

/// First 16 hexadecimal digits of the SHA-256 of the canonical text; ties a checkpoint to its run.
std::string specHash(const ExperimentSpec& spec);

/// The presets, built into the program: names in the order of docs/tasks.md.
std::vector<std::string> presetNames();
/// The JSON text of a preset or example; empty when there is none of that name.
std::string_view presetText(std::string_view name);
/// Parsed; the name must exist.
ExperimentSpec preset(std::string_view name);
/// The same task with the model, data and training of the preset `demo`: seconds instead of hours.
ExperimentSpec withFastSettings(ExperimentSpec spec);
/// Further patterns of docs/language.md, as files: names.
std::vector<std::string> exampleNames();

}  // namespace anchorlens::core
