// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/document.h"

#include "engine/core/experiment/fields.h"
#include "engine/core/experiment/reader.h"
#include "engine/core/experiment/sha256.h"
#include "engine/core/experiment/writer.h"
#include "engine/core/experiment_json.h"

#include <optional>
#include <utility>

namespace anchorlens::core {

Json toDocument(const ExperimentSpec& spec) {
  ExperimentSpec complete = completed(spec);
  Json document = Json::object();
  document["format"] = kExperimentFormat;
  document["format_version"] = experimentHistory().current;
  document.update(ObjectWriter::toJson(complete, ObjectRule{}));
  return document;
}

Expected<ExperimentSpec, SpecErrors> fromDocument(Json document, const FormatHistory& history,
                                                  SpecErrors errors, bool is_draft) {
  if (!migrate(document, history, errors))
    return Unexpected(std::move(errors));
  ExperimentSpec spec;
  Reader reader(errors, is_draft ? Reader::Mode::Draft : Reader::Mode::Strict);
  reader.read(document, spec, ObjectRule{});
  if (errors.empty())
    return completed(std::move(spec));
  arrange(errors, reader.errorCount(), document);
  return Unexpected(std::move(errors));
}

Expected<ExperimentSpec, SpecErrors> parseExperiment(std::string_view json_text,
                                                     const FormatHistory& history) {
  SpecErrors errors;
  std::optional<Json> document = readJson(json_text, errors);
  if (!document)
    return Unexpected(std::move(errors));
  return fromDocument(std::move(*document), history, std::move(errors));
}

Expected<ExperimentSpec, SpecErrors> parseExperiment(std::string_view json_text) {
  return parseExperiment(json_text, experimentHistory());
}

Expected<ExperimentSpec, SpecErrors> parseDraft(std::string_view json_text) {
  SpecErrors errors;
  std::optional<Json> document = readJson(json_text, errors);
  if (!document)
    return Unexpected(std::move(errors));
  return fromDocument(std::move(*document), experimentHistory(), std::move(errors), true);
}

std::string writeExperiment(const ExperimentSpec& spec) {
  return canonicalText(toDocument(spec));
}

std::string specHash(const ExperimentSpec& spec) {
  return sha256Hex(writeExperiment(spec)).substr(0, 16);
}

}  // namespace anchorlens::core
