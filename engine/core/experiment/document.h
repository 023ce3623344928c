// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/experiment.h"
#include "engine/core/experiment/json_text.h"
#include "engine/core/experiment/migration.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

/// Between the experiment, its JSON document and its text; shared by the parts of
/// experiment_json.h.
namespace anchorlens::core {

/// Every field, "format" and "format_version" first.
Json toDocument(const ExperimentSpec& spec);

/// `earlier` are errors found while the text was read. The result is completed().
Expected<ExperimentSpec, SpecErrors> fromDocument(Json document, const FormatHistory& history,
                                                  SpecErrors earlier = {}, bool is_draft = false);

/// parseExperiment with another history: for tests of migrations.
Expected<ExperimentSpec, SpecErrors> parseExperiment(std::string_view json_text,
                                                     const FormatHistory& history);

/// The text of a file, at most kMaxJsonBytes of it; `expected` completes "this is a folder;
/// expected
/// ...".
Expected<std::string, SpecErrors> readDocumentText(const std::filesystem::path& file,
                                                   const std::string& expected);

/// Sorts by the place in the document (a missing field stands last in its object) and keeps the
/// first 100, saying how many more of the `total` there are.
void arrange(SpecErrors& errors, std::size_t total, const Json& document);

}  // namespace anchorlens::core
