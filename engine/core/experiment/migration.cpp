// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/migration.h"

#include <algorithm>
#include <string>

namespace anchorlens::core {
namespace {

std::string got(const Json& document, const char* key) {
  const auto value = document.find(key);
  return value == document.end() ? "the field is missing" : "got " + shortText(*value);
}

bool hasFormat(const Json& document, const char* format) {
  const auto value = document.find("format");
  return value != document.end() && *value == format;
}

/// The version as a number; 0 when it is not a positive integer.
std::int64_t versionOf(const Json& document) {
  const auto value = document.find("format_version");
  if (value == document.end() || !value->is_number_integer())
    return 0;
  if (value->is_number_unsigned())
    return static_cast<std::int64_t>(std::min(value->get<std::uint64_t>(), std::uint64_t{1} << 40));
  return std::max(value->get<std::int64_t>(), std::int64_t{0});
}

}  // namespace

FormatHistory experimentHistory() {
  return {.current = 1, .steps = {}};
}

bool migrate(Json& document, const FormatHistory& history, SpecErrors& errors) {
  if (!document.is_object()) {
    errors.push_back({"", "expected " + std::string(history.what) + ", a JSON object, got " +
                              shortText(document)});
    return false;
  }
  const std::string newest = std::to_string(history.current);
  if (!hasFormat(document, history.format)) {
    errors.push_back({"/format", "expected \"" + std::string(history.format) + "\", " +
                                     got(document, "format")});
    return false;
  }
  const std::int64_t version = versionOf(document);
  if (version < 1) {
    const std::string range = history.current == 1 ? newest : "an integer from 1 to " + newest;
    errors.push_back(
        {"/format_version", "expected " + range + ", " + got(document, "format_version")});
    return false;
  }
  if (version > history.current) {
    errors.push_back({"/format_version", "version " + shortText(document["format_version"]) +
                                             " was written by a newer Anchorlens; this one reads "
                                             "versions up to " +
                                             newest});
    return false;
  }
  for (std::int64_t v = version; v < history.current; ++v) {
    const auto step = std::find_if(history.steps.begin(), history.steps.end(),
                                   [&](const Migration& migration) { return migration.from == v; });
    if (step == history.steps.end()) {
      errors.push_back({"/format_version",
                        "version " + std::to_string(v) + " is older than any that can be read"});
      return false;
    }
    step->apply(document);
  }
  document.erase("format");
  document.erase("format_version");
  return true;
}

}  // namespace anchorlens::core
