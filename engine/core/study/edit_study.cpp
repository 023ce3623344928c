// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/document.h"
#include "engine/core/study.h"
#include "engine/core/study/member_text.h"

namespace anchorlens::core {
namespace {

bool isListOfObjects(const Json& json) {
  return json.is_array() && !json.empty() && json[0].is_object();
}

void collectFields(const Json& json, const std::string& pointer, std::vector<std::string>& fields) {
  if (json.is_object() && !json.empty()) {
    for (const auto& [key, value] : json.items())
      collectFields(value, pointer + "/" + pointerStep(key), fields);
  } else if (isListOfObjects(json)) {
    for (std::size_t i = 0; i < json.size(); ++i)
      collectFields(json[i], pointer + "/" + std::to_string(i), fields);
  } else {
    fields.push_back(pointer);
  }
}

}  // namespace

std::vector<std::string> studyFields(const ExperimentSpec& base) {
  std::vector<std::string> fields;
  Json document = toDocument(base);
  for (const char* key : {"format", "format_version", "name"})
    document.erase(key);
  collectFields(document, "", fields);
  return fields;
}

std::string fieldText(const ExperimentSpec& base, const std::string& pointer) {
  const Json document = toDocument(base);
  const Json* field = fieldAt(document, pointer);
  return field ? field->dump() : std::string();
}

std::vector<std::string> splitValues(std::string_view typed) {
  std::vector<std::string> values;
  std::string value;
  const auto finish = [&] {
    const std::size_t first = value.find_first_not_of(" \t");
    if (first != value.npos)
      values.push_back(value.substr(first, value.find_last_not_of(" \t") + 1 - first));
    value.clear();
  };
  int depth = 0;
  bool is_quoted = false;
  for (std::size_t i = 0; i < typed.size(); ++i) {
    const char c = typed[i];
    if (is_quoted && c == '\\' && i + 1 < typed.size()) {
      value += c;
      value += typed[++i];
      continue;
    }
    is_quoted = is_quoted != (c == '"');
    if (!is_quoted && (c == '(' || c == '[' || c == '{'))
      ++depth;
    if (!is_quoted && (c == ')' || c == ']' || c == '}'))
      --depth;
    if (c == ',' && !is_quoted && depth <= 0)
      finish();
    else
      value += c;
  }
  finish();
  return values;
}

}  // namespace anchorlens::core
