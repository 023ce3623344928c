// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/lexer.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

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
bool isSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

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
      return " Write -> for the arrow.";
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
    if (kSymbols.find(rest.front()) != std::string_view::npos) {
      Token token = take(Token::Kind::Symbol, 1);
      token.symbol = token.text.front();
      return token;
    }
    const std::optional<CodePoint> code = decode(rest);
    Token token = take(Token::Kind::Bad, code ? code->bytes : 1);
    token.problem = problemOf(token.text, code);
    return token;
  }

  Token name(std::string_view rest) {
    const auto* const end = std::find_if_not(rest.begin(), rest.end(), isNameChar);
    Token token = take(Token::Kind::Lower, static_cast<std::size_t>(end - rest.begin()));
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
    const auto digits = [&](std::size_t from) {
      std::size_t to = from;
      while (to < rest.size() && isDigit(rest[to])) {
        ++to;
      }
      return to;
    };
    const std::size_t whole = digits(0);
    std::size_t end = whole;
    if (end < rest.size() && rest[end] == '.') {
      end = digits(end + 1);
    }
    if (end < rest.size() && isNameChar(rest[end])) {
      const auto* const stop =
          std::find_if_not(rest.begin() + static_cast<std::ptrdiff_t>(end), rest.end(), isNameChar);
      Token token = take(Token::Kind::Bad, static_cast<std::size_t>(stop - rest.begin()));
      token.problem = shown(token) +
                      " is neither a number nor a name: a name starts with a letter, "
                      "and items are separated by spaces.";
      return token;
    }
    Token token = take(Token::Kind::Number, end);
    readNumber(token, whole);
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
