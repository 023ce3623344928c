// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>

/// Errors of a document in words, as both programs print them.
namespace anchorlens::core {

/// What a JSON file holds; null for any other.
nlohmann::ordered_json documentIn(const std::filesystem::path& file);
/// "column 7: expected ...", or the message alone. Columns count characters from 1 in the text
/// that the error's pointer leads to in `document`; bytes where there is no such text.
std::string messageWithColumn(const SpecError& error, const nlohmann::ordered_json& document);

}  // namespace anchorlens::core
