// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/token_reader.h"

#include <algorithm>
#include <utility>

namespace anchorlens::core::language {
namespace {

constexpr int kMaxNesting = 32;
constexpr int kMaxNodes = 500;

}  // namespace

TokenReader::TokenReader(std::string_view text) {
  if (text.size() > kMaxTextBytes) {
    m_tokens.emplace_back();
    fail(TextSpan{static_cast<int>(kMaxTextBytes), static_cast<int>(kMaxTextBytes) + 1},
         "The text has " + std::to_string(text.size()) + " bytes; at most " +
             std::to_string(kMaxTextBytes) + " are read.");
    return;
  }
  m_tokens = lex(text);
}

Token TokenReader::take() {
  Token token = peek();
  if (!atEnd()) {
    ++m_at;
  }
  return token;
}

bool TokenReader::accept(char symbol) {
  if (!peek().is(symbol)) {
    return false;
  }
  take();
  return true;
}

void TokenReader::fail(const Token& token, std::string message) {
  fail(spanOf(token), token.kind == Token::Kind::Bad ? token.problem : std::move(message));
}

void TokenReader::fail(TextSpan span, std::string message) {
  if (!m_error) {
    m_error = LanguageError{span.begin, std::max(1, span.end - span.begin), std::move(message)};
  }
  m_at = m_tokens.size() - 1;
}

void TokenReader::failExpected(std::string_view what) {
  const std::string found = atEnd() ? "." : ", found " + shown(peek()) + ".";
  fail(peek(), "Expected " + std::string(what) + found);
}

void TokenReader::expect(char symbol, std::string_view what) {
  if (!accept(symbol)) {
    failExpected(what);
  }
}

std::uint64_t TokenReader::integer(std::string_view what, std::uint64_t largest) {
  if (peek().kind != Token::Kind::Number) {
    failExpected(what);
    return 0;
  }
  const Token token = take();
  if (!token.is_whole) {
    fail(token, shown(token) + " is not a whole number.");
  } else if (token.is_too_large || token.value > largest) {
    fail(token, shown(token) + " is too large: at most " + std::to_string(largest) + ".");
  }
  return token.value;
}

int TokenReader::vocabularyToken(std::string_view what) {
  const std::uint64_t value = integer(what, kMaxToken);
  return hasFailed() ? 0 : static_cast<int>(value);
}

TokenReader::Nesting::Nesting(TokenReader& reader) : m_reader(reader) {
  if (++m_reader.m_depth > kMaxNesting) {
    m_reader.fail(m_reader.peek(),
                  "This is nested more than " + std::to_string(kMaxNesting) + " deep.");
  }
}

void TokenReader::countNode(const Token& token) {
  if (++m_nodes > kMaxNodes) {
    fail(token, "The expression has more than " + std::to_string(kMaxNodes) + " parts.");
  }
}

}  // namespace anchorlens::core::language
