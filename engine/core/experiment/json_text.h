// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace anchorlens::core {

/// JSON that remembers the order of its keys.
using Json = nlohmann::ordered_json;

/// Bounds on what is read, so that a hostile file costs neither much time nor much memory.
inline constexpr std::size_t kMaxJsonBytes = std::size_t{4} << 20;
inline constexpr int kMaxJsonDepth = 32;
inline constexpr std::size_t kMaxJsonMembers = 256;  ///< keys of one object
inline constexpr std::size_t kMaxSpecErrors = 100;   ///< more are counted, not listed

/// Text to JSON. What is not JSON, too large or too deep gives no value and one error with line
/// and column. A key that occurs twice in one object is an error at its pointer; the rest of the
/// document is still read (the first of the two counts).
std::optional<Json> readJson(std::string_view text, SpecErrors& errors);

/// Two-space indented; whatever fits into 100 columns stands on one line, except for the document
/// and its parts. Ends in a newline. Bytes that are not UTF-8 become U+FFFD.
std::string canonicalText(const Json& document);

/// A value in a message: as JSON on one line, cut off after 40 characters.
std::string shortText(const Json& value);

/// A step of a JSON pointer ("~" and "/" escaped); a control character becomes "?", so that a
/// message never sends it to a terminal.
std::string pointerStep(std::string_view key);

}  // namespace anchorlens::core
