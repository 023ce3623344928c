// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Private to engine/core/language: cuts a text into tokens.
namespace anchorlens::core::language {

/// Longest text that is parsed; bounds time and memory on any input.
inline constexpr std::size_t kMaxTextBytes = 10'000;
/// Largest whole number in an expression.
inline constexpr std::uint64_t kMaxInteger = 1'000'000'000'000'000;
/// Largest token that a text may name; the vocabulary is checked by the task.
inline constexpr std::uint64_t kMaxToken = 1'000'000'000;
/// Decimals of a percentage; it is counted in units of 10^-kPercentDecimals.
inline constexpr int kPercentDecimals = 6;
inline constexpr std::uint64_t kPercentUnit = 1'000'000;

/// One token. `text` points into the lexed text.
struct Token {
  enum class Kind {
    Number,  ///< value, units
    Lower,   ///< a lower-case name
    Upper,   ///< an upper-case name
    Word,    ///< a reserved word
    Arrow,   ///< "->" or U+2192
    Symbol,  ///< symbol: one of * _ { } | ( ) + - , ; : %
    Bad,     ///< problem says why
    End,
  };
  Kind kind = Kind::End;
  int begin = 0;
  int end = 0;
  std::string_view text;
  char symbol = 0;
  std::uint64_t value = 0;    ///< whole part of a number
  std::uint64_t units = 0;    ///< percentage in units of 10^-6; meaningless when too_large
  bool is_whole = true;       ///< no decimal point
  bool is_too_large = false;  ///< does not fit 64 bits
  std::string problem;

  bool is(char wanted) const { return kind == Kind::Symbol && symbol == wanted; }
  bool isWord(std::string_view wanted) const { return kind == Kind::Word && text == wanted; }
};

/// All tokens, an End token last.
std::vector<Token> lex(std::string_view text);

bool isReservedWord(std::string_view text);

/// The text of a token for a message: shortened when long, "the end of the text" at the end.
std::string shown(const Token& token);

}  // namespace anchorlens::core::language
