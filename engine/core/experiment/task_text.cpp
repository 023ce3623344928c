// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task_text.h"

#include "engine/core/experiment/document.h"

#include <array>
#include <optional>
#include <utility>

namespace anchorlens::core {
namespace {

constexpr std::array kOtherParts{"data", "model", "training", "probe", "record"};

bool hasOtherPart(const Json& document) {
  for (const char* part : kOtherParts) {
    if (document.contains(part))
      return true;
  }
  return false;
}

Expected<ExperimentSpec, SpecErrors> withTask(const ExperimentSpec& spec, std::string_view text,
                                              bool is_draft) {
  SpecErrors errors;
  std::optional<Json> document = readJson(text, errors);
  if (document && !document->is_object())
    errors.push_back({"", "expected a JSON object with a task"});
  if (!document || !errors.empty())
    return Unexpected(std::move(errors));
  const bool is_bare_task = document->contains("forms") && !document->contains("task");
  if (is_bare_task)
    *document = Json{{"task", std::move(*document)}};
  if (!document->contains("format")) {
    const Json own = toDocument(spec);
    (*document)["format"] = own["format"];
    (*document)["format_version"] = own["format_version"];
  }
  const bool is_whole = hasOtherPart(*document);
  const bool has_name = document->contains("name");
  auto pasted = fromDocument(std::move(*document), experimentHistory(), {}, is_draft);
  if (!pasted || is_whole)
    return pasted;
  ExperimentSpec next = spec;
  next.task = pasted->task;
  if (has_name)
    next.name = pasted->name;
  return next;
}

}  // namespace

std::string writeTask(const ExperimentSpec& spec) {
  Json document = toDocument(spec);
  for (const char* part : kOtherParts)
    document.erase(part);
  return canonicalText(document);
}

Expected<ExperimentSpec, SpecErrors> withPastedTask(const ExperimentSpec& spec,
                                                    std::string_view text) {
  return withTask(spec, text, false);
}

Expected<ExperimentSpec, SpecErrors> withTaskFile(const ExperimentSpec& spec,
                                                  const std::filesystem::path& file) {
  const auto text = readDocumentText(file, "an experiment file or a task");
  if (!text)
    return Unexpected(text.error());
  auto finished = withTask(spec, *text, false);
  if (finished)
    return finished;
  auto draft = withTask(spec, *text, true);
  return draft ? draft : finished;
}

bool looksLikeJson(std::string_view text) {
  const std::size_t open = text.find_first_not_of(" \t\r\n");
  if (open == text.npos || text[open] != '{')
    return false;
  const std::size_t next = text.find_first_not_of(" \t\r\n", open + 1);
  return next != text.npos && (text[next] == '"' || text[next] == '}');
}

}  // namespace anchorlens::core
