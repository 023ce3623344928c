// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/language/language.h"
#include "engine/core/language/lexer.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Private to engine/core/language: what all parsers share.
namespace anchorlens::core::language {

/// Walks over the tokens of one text and keeps the first error. After an error every token reads
/// as the end, so that parsers run out by themselves and need no checks in between.
class TokenReader {
 public:
  explicit TokenReader(std::string_view text);

  const Token& peek() const { return m_tokens[m_at]; }
  const Token& peekNext() const { return m_tokens[std::min(m_at + 1, m_tokens.size() - 1)]; }
  /// The token before peek(); only after one was taken.
  const Token& previous() const { return m_tokens[m_at == 0 ? 0 : m_at - 1]; }
  bool atStart() const { return m_at == 0; }
  bool atEnd() const { return peek().kind == Token::Kind::End; }
  Token take();
  /// Takes the symbol when it is next.
  bool accept(char symbol);

  bool hasFailed() const { return m_error.has_value(); }
  const std::optional<LanguageError>& error() const { return m_error; }

  /// Keeps the first error; `message` gives way to what the lexer said of a bad token.
  void fail(const Token& token, std::string message);
  void fail(TextSpan span, std::string message);
  /// "Expected WHAT, found X."; just "Expected WHAT." at the end of the text.
  void failExpected(std::string_view what);
  /// Takes the symbol or fails with failExpected(what).
  void expect(char symbol, std::string_view what);

  /// A whole number up to `largest`, which `what` ("a token", "a number") names in messages.
  std::uint64_t integer(std::string_view what, std::uint64_t largest);
  /// Any token of the vocabulary.
  int vocabularyToken(std::string_view what);

  /// Counts one nested bracket for as long as it lives; fails when there are too many.
  class Nesting {
   public:
    explicit Nesting(TokenReader& reader);
    ~Nesting() { --m_reader.m_depth; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    TokenReader& m_reader;
  };
  /// Counts one node of an expression, so that trees stay shallow enough to be walked.
  void countNode(const Token& token);

 private:
  std::vector<Token> m_tokens;
  std::size_t m_at = 0;
  int m_depth = 0;
  int m_nodes = 0;
  std::optional<LanguageError> m_error;
};

inline TextSpan spanOf(const Token& token) {
  return {token.begin, token.end};
}
inline TextSpan joined(TextSpan first, TextSpan last) {
  return {first.begin, last.end};
}

}  // namespace anchorlens::core::language
