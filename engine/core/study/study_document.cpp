// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/study/study_document.h"

#include "engine/core/experiment/document.h"
#include "engine/core/experiment/reader.h"
#include "engine/core/experiment/writer.h"
#include "engine/core/experiment_json.h"
#include "engine/core/study/study_fields.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace anchorlens::core {
namespace {

/// Takes the base to today's version. What is no experiment becomes an empty one, with the error at
/// its place in the study.
void migrateBase(Json& document, SpecErrors& errors) {
  const auto base = document.find("base");
  if (base == document.end()) {
    errors.push_back({"/base", "missing; expected a whole experiment"});
    return;
  }
  SpecErrors found;
  if (migrate(*base, experimentHistory(), found))
    return;
  for (SpecError& error : found) {
    error.pointer.insert(0, "/base");
    errors.push_back(std::move(error));
  }
  *base = Json::object();
}

}  // namespace

std::optional<TextProblem> checkFieldPointer(std::string_view text) {
  const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && c != '=';
  });
  if (text.size() > 1 && text[0] == '/' && is_plain)
    return {};
  return TextProblem{"expected the pointer of a field such as \"/training/batch_size\", got " +
                     shortText(std::string(text))};
}

FormatHistory studyHistory() {
  return {.current = 1, .steps = {}, .format = "anchorlens-study", .what = "a study"};
}

std::vector<std::uint64_t> StudySeeds::list() const {
  if (values)
    return *values;
  std::vector<std::uint64_t> seeds;
  for (int i = 0; i < count.value_or(0); ++i)
    seeds.push_back(first + static_cast<std::uint64_t>(i));
  return seeds;
}

std::string variedField(const StudySpec& study, std::string_view pointer) {
  std::vector<std::string> fields;
  for (const StudyAxis& axis : study.axes)
    fields.push_back(axis.pointer);
  if (study.seeds)
    fields.emplace_back("/training/seed");
  if (study.seeds && study.seeds->sets == StudySeeds::Sets::TrainingAndData)
    fields.emplace_back("/data/seed");
  const auto varied = std::find_if(fields.begin(), fields.end(), [&](const std::string& field) {
    return overlap(field, pointer);
  });
  return varied == fields.end() ? std::string() : *varied;
}

StudySpec completed(StudySpec study) {
  study.base = completed(std::move(study.base));
  for (StudyAxis& axis : study.axes) {
    if (!axis.values)
      continue;
    for (std::string& value : *axis.values)
      value = ObjectWriter::toJson(value, ValueRule{}).dump();
  }
  return study;
}

Expected<StudySpec, SpecErrors> parseStudy(std::string_view json_text,
                                           const FormatHistory& history) {
  SpecErrors errors;
  std::optional<Json> document = readJson(json_text, errors);
  if (!document || !migrate(*document, history, errors))
    return Unexpected(std::move(errors));
  migrateBase(*document, errors);
  StudySpec study;
  Reader reader(errors);
  reader.read(*document, study, ObjectRule{});
  if (errors.empty())
    return completed(std::move(study));
  arrange(errors, reader.errorCount(), *document);
  return Unexpected(std::move(errors));
}

Expected<StudySpec, SpecErrors> parseStudy(std::string_view json_text) {
  return parseStudy(json_text, studyHistory());
}

Expected<StudySpec, SpecErrors> readStudy(const std::filesystem::path& file) {
  const auto text = readDocumentText(file, "a study file (of a study's folder: its study.json)");
  if (!text)
    return Unexpected(text.error());
  return parseStudy(*text);
}

Json toDocument(const StudySpec& study) {
  StudySpec complete = completed(study);
  Json document = Json::object();
  document["format"] = studyHistory().format;
  document["format_version"] = studyHistory().current;
  document.update(ObjectWriter::toJson(complete, ObjectRule{}));
  document["base"] = toDocument(complete.base);
  return document;
}

std::string writeStudy(const StudySpec& study) {
  return canonicalText(toDocument(study));
}

}  // namespace anchorlens::core
