// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/unknown_character.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>

namespace anchorlens::core::language {
namespace {

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t bytes = 1;
};

/// The UTF-8 character at the front of `text`; empty when the bytes are not UTF-8.
std::optional<CodePoint> decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) {
    return CodePoint{lead, 1};
  }
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) {
    return std::nullopt;
  }
  std::uint32_t value = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0U) != 0x80U) {
      return std::nullopt;
    }
    value = (value << 6U) | (byte & 0x3FU);
  }
  const bool is_overlong = (bytes == 3 && value < 0x800) || (bytes == 4 && value < 0x10000);
  const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (is_overlong || is_surrogate || value > 0x10FFFF) {
    return std::nullopt;
  }
  return CodePoint{value, bytes};
}

std::string adviceFor(std::uint32_t code) {
  switch (code) {
    case '=':
    case '>':
    case '<':
    case 0x21D2:  // double arrow
    case 0x27F6:  // long arrow
      return " The arrow is written ->.";
    case '/':
    case 0x00F7:  // division sign
      return " There is no division: use + - * mod min max abs.";
    case 0x2212:  // minus sign
    case 0x2013:  // en dash
      return " Write - for minus.";
    case 0x00D7:  // multiplication sign
    case 0x22C5:  // dot operator
      return " Write * for times.";
    case '[':
    case ']':
      return " Write ( ) for brackets and { } for blocks.";
    default:
      return {};
  }
}

std::string problemOf(std::string_view character, const std::optional<CodePoint>& code) {
  std::array<char, 64> name{};
  if (!code) {
    std::snprintf(name.data(), name.size(), "The byte 0x%02X is not UTF-8 text.",
                  static_cast<unsigned>(static_cast<unsigned char>(character.front())));
    return name.data();
  }
  if (code->value > 0x20 && code->value < 0x7F) {
    return "The character " + std::string(character) + " has no meaning here." +
           adviceFor(code->value);
  }
  std::snprintf(name.data(), name.size(), "The character U+%04X", code->value);
  const bool is_visible = code->value >= 0xA1;
  return name.data() + (is_visible ? " (" + std::string(character) + ")" : std::string()) +
         " has no meaning here." + adviceFor(code->value);
}

}  // namespace

UnknownCharacter unknownCharacter(std::string_view text) {
  const std::optional<CodePoint> code = decode(text);
  const std::size_t bytes = code ? code->bytes : 1;
  return {bytes, problemOf(text.substr(0, bytes), code)};
}

}  // namespace anchorlens::core::language
