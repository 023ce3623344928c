// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/lexer.h"

#include "engine/core/language/unknown_character.h"

#include <algorithm>
#include <array>
#include <utility>

namespace anchorlens::core::language {
namespace {

constexpr std::string_view kArrow = "->";
constexpr std::string_view kUnicodeArrow = "\xE2\x86\x92";
constexpr std::string_view kSymbols = "*_{}|()+-,;:%";
constexpr std::array<std::string_view, 9> kReservedWords = {
    "mod", "min", "max", "abs", "match", "nearest", "table", "same", "as"};

// Not <cctype>: that depends on the locale and is undefined for negative char.
bool isDigit(char c) {
  return c >= '0' && c <= '9';
}
bool isLower(char c) {
  return c >= 'a' && c <= 'z';
}
bool isUpper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool isNameChar(char c) {
  return isDigit(c) || isLower(c) || isUpper(c);
}
/// Noise is a token of its own, but x_1 would be read as three items where one name was meant.
bool isGluedChar(char c) {
  return isNameChar(c) || c == '_';
}
bool isNoise(char c) {
  return c == '_';
}
bool isSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : m_text(text) {}

  std::vector<Token> run() {
    std::vector<Token> tokens;
    while (true) {
      while (m_at < m_text.size() && isSpace(m_text[m_at])) {
        ++m_at;
      }
      if (m_at == m_text.size()) {
        break;
      }
      tokens.push_back(next());
    }
    // The end is where the last token ends: a mark for "expected more" belongs there.
    const int end = tokens.empty() ? 0 : tokens.back().end;
    Token last;
    last.begin = end;
    last.end = end;
    tokens.push_back(last);
    return tokens;
  }

 private:
  Token next() {
    const std::string_view rest = m_text.substr(m_at);
    for (const std::string_view arrow : {kArrow, kUnicodeArrow}) {
      if (rest.starts_with(arrow)) {
        return take(Token::Kind::Arrow, arrow.size());
      }
    }
    if (isDigit(rest.front())) {
      return number(rest);
    }
    if (isNameChar(rest.front())) {
      return name(rest);
    }
    if (isNoise(rest.front()) && lengthOf(rest, isGluedChar) > lengthOf(rest, isNoise)) {
      return glued(rest);
    }
    if (kSymbols.find(rest.front()) != std::string_view::npos) {
      Token token = take(Token::Kind::Symbol, 1);
      token.symbol = token.text.front();
      return token;
    }
    UnknownCharacter unknown = unknownCharacter(rest);
    Token token = take(Token::Kind::Bad, unknown.bytes);
    token.problem = std::move(unknown.problem);
    return token;
  }

  static std::size_t lengthOf(std::string_view rest, bool (*belongs)(char)) {
    const auto* const end = std::find_if_not(rest.begin(), rest.end(), belongs);
    return static_cast<std::size_t>(end - rest.begin());
  }

  /// Names and noise without a space between them.
  Token glued(std::string_view rest) {
    Token token = take(Token::Kind::Bad, lengthOf(rest, isGluedChar));
    token.problem = shown(token) +
                    " is no name: a name has letters and digits only, and items are separated by "
                    "spaces.";
    return token;
  }

  Token name(std::string_view rest) {
    if (lengthOf(rest, isGluedChar) > lengthOf(rest, isNameChar)) {
      return glued(rest);
    }
    Token token = take(Token::Kind::Lower, lengthOf(rest, isNameChar));
    const bool has_lower = std::any_of(token.text.begin(), token.text.end(), isLower);
    const bool has_upper = std::any_of(token.text.begin(), token.text.end(), isUpper);
    if (has_lower && has_upper) {
      token.kind = Token::Kind::Bad;
      token.problem = shown(token) +
                      " mixes upper and lower case: keys are lower case, anchors upper case, and "
                      "items are separated by spaces.";
    } else if (has_upper) {
      token.kind = Token::Kind::Upper;
    } else if (isReservedWord(token.text)) {
      token.kind = Token::Kind::Word;
    }
    return token;
  }

  Token number(std::string_view rest) {
    const std::size_t whole = lengthOf(rest, isDigit);
    std::size_t end = whole;
    if (end < rest.size() && rest[end] == '.') {
      end += 1 + lengthOf(rest.substr(end + 1), isDigit);
    }
    const std::size_t letters = lengthOf(rest.substr(end), isGluedChar);
    if (letters > 0) {
      return numberAndName(rest.substr(0, end), rest.substr(end, letters));
    }
    Token token = take(Token::Kind::Number, end);
    readNumber(token, whole);
    return token;
  }

  Token numberAndName(std::string_view number, std::string_view name) {
    Token token = take(Token::Kind::Bad, number.size() + name.size());
    token.problem =
        shown(token) + " is neither a number nor a name: items are separated by spaces.";
    constexpr std::size_t kWorthRepeating = 10;
    const bool could_multiply = number.find('.') == std::string_view::npos &&
                                name.find('_') == std::string_view::npos &&
                                token.text.size() <= kWorthRepeating;
    if (could_multiply) {
      token.problem +=
          " A product is written " + std::string(number) + "*" + std::string(name) + ".";
    }
    return token;
  }

  /// Fills value and units from the digits.
  static void readNumber(Token& token, std::size_t whole) {
    for (const char c : token.text.substr(0, whole)) {
      token.is_too_large |= __builtin_mul_overflow(token.value, std::uint64_t{10}, &token.value);
      token.is_too_large |=
          __builtin_add_overflow(token.value, static_cast<std::uint64_t>(c - '0'), &token.value);
    }
    // Any percentage beyond 100 is wrong; the cap keeps sums within 64 bits.
    constexpr std::uint64_t kCap = 1'000'000;
    token.units = (token.is_too_large ? kCap : std::min(token.value, kCap)) * kPercentUnit;
    if (whole == token.text.size()) {
      return;
    }
    token.is_whole = false;
    const std::string_view decimals = token.text.substr(whole + 1);
    if (decimals.empty() || decimals.size() > static_cast<std::size_t>(kPercentDecimals)) {
      token.kind = Token::Kind::Bad;
      token.problem = decimals.empty()
                          ? shown(token) + " is not a number: digits are missing after the point."
                          : shown(token) + " has " + std::to_string(decimals.size()) +
                                " decimals; at most " + std::to_string(kPercentDecimals) +
                                " are read.";
      return;
    }
    std::uint64_t unit = kPercentUnit;
    for (const char c : decimals) {
      unit /= 10;
      token.units += static_cast<std::uint64_t>(c - '0') * unit;
    }
  }

  Token take(Token::Kind kind, std::size_t bytes) {
    Token token;
    token.kind = kind;
    token.begin = static_cast<int>(m_at);
    token.end = static_cast<int>(m_at + bytes);
    token.text = m_text.substr(m_at, bytes);
    m_at += bytes;
    return token;
  }

  std::string_view m_text;
  std::size_t m_at = 0;
};

}  // namespace

std::vector<Token> lex(std::string_view text) {
  return Lexer(text).run();
}

bool isReservedWord(std::string_view text) {
  return std::find(kReservedWords.begin(), kReservedWords.end(), text) != kReservedWords.end();
}

std::string shown(const Token& token) {
  constexpr std::size_t kLongest = 24;
  if (token.kind == Token::Kind::End) {
    return "the end of the text";
  }
  if (token.text.size() > kLongest) {
    return std::string(token.text.substr(0, kLongest)) + "...";
  }
  return std::string(token.text);
}

}  // namespace anchorlens::core::language
