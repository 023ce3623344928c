// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/json_text.h"

#include <cstddef>
#include <string>

namespace anchorlens::core {
namespace {

constexpr std::size_t kColumns = 100;
constexpr int kBrokenLevels = 2;  // the document and its parts always take several lines

std::string scalarText(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Appends `value` on one line; stops early once the text is longer than a line may be.
void appendInline(std::string& text, const Json& value) {
  if (!value.is_structured()) {
    text += scalarText(value);
    return;
  }
  text += value.is_object() ? '{' : '[';
  bool is_first = true;
  for (const auto& [key, item] : value.items()) {
    if (text.size() > kColumns)
      return;
    text += is_first ? "" : ", ";
    is_first = false;
    if (value.is_object())
      text += scalarText(key) + ": ";
    appendInline(text, item);
  }
  text += value.is_object() ? '}' : ']';
}

/// Appends `value`, whose first line begins at `column`; `level` is how deep it lies.
void append(std::string& text, const Json& value, int level, std::size_t column) {
  const bool is_short_kind = !value.is_structured() || value.empty();
  if (is_short_kind || level >= kBrokenLevels) {
    std::string line;
    appendInline(line, value);
    // One column is left for the comma.
    if (is_short_kind || column + line.size() < kColumns) {
      text += line;
      return;
    }
  }
  const std::string indent(static_cast<std::size_t>(level + 1) * 2, ' ');
  text += value.is_object() ? "{" : "[";
  bool is_first = true;
  for (const auto& [key, item] : value.items()) {
    const std::string label = value.is_object() ? scalarText(key) + ": " : std::string();
    text += (is_first ? "\n" : ",\n") + indent + label;
    is_first = false;
    append(text, item, level + 1, indent.size() + label.size());
  }
  text += "\n" + std::string(static_cast<std::size_t>(level) * 2, ' ');
  text += value.is_object() ? "}" : "]";
}

}  // namespace

std::string canonicalText(const Json& document) {
  std::string text;
  append(text, document, 0, 0);
  return text + "\n";
}

}  // namespace anchorlens::core
