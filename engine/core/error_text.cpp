// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/error_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>

namespace anchorlens::core {

namespace {

/// Characters among the first `bytes` of a text in UTF-8.
std::int64_t charactersIn(const std::string& text, std::size_t bytes) {
  const auto is_start = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return std::count_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(bytes), is_start);
}

}  // namespace

nlohmann::ordered_json documentIn(const std::filesystem::path& file) {
  std::error_code code;
  if (!std::filesystem::is_regular_file(file, code)) {
    return {};
  }
  std::ifstream in(file);
  auto document = nlohmann::ordered_json::parse(in, nullptr, false);
  return document.is_discarded() ? nlohmann::ordered_json() : document;
}

std::string messageWithColumn(const SpecError& error, const nlohmann::ordered_json& document) {
  if (error.column_length == 0) {
    return error.message;
  }
  std::int64_t column = error.column;
  const nlohmann::ordered_json::json_pointer pointer(error.pointer);
  if (document.contains(pointer) && document.at(pointer).is_string()) {
    const auto text = document.at(pointer).get<std::string>();
    const auto bytes = static_cast<std::size_t>(error.column);
    column = bytes <= text.size() ? charactersIn(text, bytes) : column;
  }
  return "column " + std::to_string(column + 1) + ": " + error.message;
}

}  // namespace anchorlens::core
