// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/set_field.h"

#include "engine/core/experiment/document.h"
#include "engine/core/experiment/suggest.h"
#include "engine/core/experiment_json.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <set>
#include <utility>

namespace anchorlens::core {
namespace {

/// `/training/seed=2`, taken apart.
struct Assignment {
  std::string pointer;
  Json value;
  /// Of a text that begins as JSON, such as "{ a b | b c } a -> c": what is wrong with it where
  /// the field takes no text.
  SpecErrors json_errors;
};

Assignment assignmentOf(const std::string& pointer, std::string_view text) {
  SpecErrors errors;
  std::optional<Json> value = readJson(text, errors);
  if (value && errors.empty())
    return {pointer, std::move(*value), {}};
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos || std::string_view("{[\"").find(text[first]) == std::string_view::npos)
    errors.clear();
  for (SpecError& error : errors) {
    error.pointer.insert(0, pointer);
    error.message.insert(0, "the value is ");
  }
  return {pointer, Json(std::string(text)), std::move(errors)};
}

std::optional<Assignment> takeApart(std::string_view text, SpecErrors& errors) {
  const std::size_t equals = text.find('=');
  const std::string pointer(text.substr(0, equals));
  if (equals == text.npos || pointer.size() < 2 || pointer[0] != '/') {
    errors.push_back({"", "expected /pointer=value such as /training/seed=2, got " +
                              shortText(std::string(text))});
    return {};
  }
  return assignmentOf(pointer, text.substr(equals + 1));
}

/// The first step of a pointer, unescaped; takes it off.
std::string takeStep(std::string_view& pointer) {
  pointer.remove_prefix(1);
  const std::string_view step = pointer.substr(0, pointer.find('/'));
  pointer.remove_prefix(step.size());
  std::string text;
  for (std::size_t i = 0; i < step.size(); ++i) {
    const bool is_escape = step[i] == '~' && i + 1 < step.size();
    text += is_escape ? (step[i + 1] == '1' ? '/' : '~') : step[i];
    i += is_escape ? 1 : 0;
  }
  return text;
}

/// The item of a list, a new one for `-` or the index after the last.
Json* itemOf(Json& list, const std::string& step, const std::string& pointer, SpecErrors& errors) {
  std::size_t index = step == "-" ? list.size() : list.size() + 1;
  std::from_chars(step.data(), step.data() + step.size(), index);
  const bool is_index = step == "-" || (!step.empty() && step.size() < 8 &&
                                        step.find_first_not_of("0123456789") == step.npos);
  if (!is_index || index > list.size()) {
    errors.push_back({pointer, "expected an index from 0 to " + std::to_string(list.size()) +
                                   " (the last adds an item), got " + shortText(step)});
    return nullptr;
  }
  if (index == list.size())
    list.push_back(nullptr);
  return &list[index];
}

/// Puts the value into the document. What is not there is made: the reader then says that the key
/// is unknown, as it would of a file.
void assign(Json& document, const Assignment& assignment, SpecErrors& errors) {
  Json* json = &document;
  std::string_view rest = assignment.pointer;
  while (!rest.empty()) {
    const std::string here(assignment.pointer, 0, assignment.pointer.size() - rest.size());
    const std::string step = takeStep(rest);
    if (json->is_null())
      *json = Json::object();
    if (json->is_array()) {
      json = itemOf(*json, step, here + "/" + pointerStep(step), errors);
    } else if (json->is_object()) {
      json = &(*json)[step];
    } else {
      errors.push_back(
          {here, "this is " + shortText(*json) + "; it has no part " + shortText(step)});
      json = nullptr;
    }
    if (!json)
      return;
  }
  *json = assignment.value;
  if (!assignment.value.is_null() && assignment.pointer == "/training/steps")
    document["training"]["epochs"] = nullptr;
  if (!assignment.value.is_null() && assignment.pointer == "/training/epochs")
    document["training"]["steps"] = nullptr;
}

void collectPointers(const Json& json, const std::string& pointer, std::vector<std::string>& all) {
  if (!pointer.empty())
    all.push_back(pointer);
  if (!json.is_object())
    return;
  for (const auto& [key, value] : json.items())
    collectPointers(value, pointer + "/" + pointerStep(key), all);
}

/// `"/data/seed" or "/training/seed"`: the fields that end in the same word, else the nearest one.
std::string meantPointers(const std::string& pointer, const std::vector<std::string>& all) {
  const std::string last = pointer.substr(pointer.rfind('/'));
  std::string list;
  for (const std::string& candidate : all) {
    if (candidate.ends_with(last))
      list += (list.empty() ? "\"" : " or \"") + candidate + "\"";
  }
  if (!list.empty())
    return list;
  const std::string nearest = nearestName(pointer, all);
  return nearest.empty() ? nearest : "\"" + nearest + "\"";
}

/// The reader's "unknown key" speaks of one object; here the whole pointer was typed.
void suggestPointers(SpecErrors& errors, const std::vector<Assignment>& assignments,
                     const Json& document) {
  std::vector<std::string> all;
  collectPointers(document, "", all);
  for (SpecError& error : errors) {
    const auto typed =
        std::find_if(assignments.begin(), assignments.end(), [&](const Assignment& assignment) {
          return (assignment.pointer + "/").starts_with(error.pointer + "/");
        });
    if (typed == assignments.end() || !error.message.starts_with("unknown key"))
      continue;
    const std::string meant = meantPointers(typed->pointer, all);
    if (!meant.empty())
      error.message = "no such field; did you mean " + meant + "?";
  }
}

/// A field that takes no text says what is wrong with the JSON.
void explainJson(SpecErrors& errors, const std::vector<Assignment>& assignments) {
  for (const Assignment& assignment : assignments) {
    const auto refused = std::find_if(errors.begin(), errors.end(), [&](const SpecError& error) {
      return error.pointer == assignment.pointer && error.column_length == 0 &&
             !error.message.starts_with("unknown key");
    });
    if (assignment.json_errors.empty() || refused == errors.end())
      continue;
    const auto place = errors.erase(refused);
    errors.insert(place, assignment.json_errors.begin(), assignment.json_errors.end());
  }
}

/// A new pattern brings new key variables; intervals of those that only the old one had go.
void dropOldKeys(const ExperimentSpec& before, ExperimentSpec& after) {
  const auto variables = [](ExperimentSpec spec) {
    spec.task.keys.clear();
    return completed(std::move(spec)).task.keys;
  };
  if (before.task.forms == after.task.forms)
    return;
  const auto old_keys = variables(before);
  const auto new_keys = variables(after);
  std::erase_if(after.task.keys, [&](const auto& key) {
    return old_keys.contains(key.first) && !new_keys.contains(key.first);
  });
}

std::vector<Assignment> assignAll(Json& document, const std::vector<std::string>& assignments,
                                  SpecErrors& errors) {
  std::vector<Assignment> parts;
  for (const std::string& text : assignments) {
    if (auto assignment = takeApart(text, errors)) {
      assign(document, *assignment, errors);
      parts.push_back(std::move(*assignment));
    }
  }
  return parts;
}

}  // namespace

Json assignedDocument(const ExperimentSpec& spec, const std::vector<std::string>& assignments) {
  Json document = toDocument(spec);
  SpecErrors ignored;
  assignAll(document, assignments, ignored);
  return document;
}

Expected<ExperimentSpec, SpecErrors> setFields(const ExperimentSpec& spec,
                                               const std::vector<std::string>& assignments) {
  const Json original = toDocument(spec);
  Json document = original;
  SpecErrors errors;
  const std::vector<Assignment> parts = assignAll(document, assignments, errors);
  auto changed = fromDocument(std::move(document), experimentHistory(), std::move(errors));
  if (!changed) {
    explainJson(changed.error(), parts);
    suggestPointers(changed.error(), parts, original);
    return changed;
  }
  dropOldKeys(spec, *changed);
  return changed;
}

Expected<ExperimentSpec, SpecErrors> setField(const ExperimentSpec& spec,
                                              std::string_view assignment) {
  return setFields(spec, {std::string(assignment)});
}

}  // namespace anchorlens::core
