// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/language.h"
#include "engine/core/language/lexer.h"

namespace anchorlens::core {
namespace {

using language::Token;

TextToken::Kind kindOf(const Token& token, bool in_expression) {
  switch (token.kind) {
    case Token::Kind::Number:
      return TextToken::Kind::Number;
    case Token::Kind::Lower:
      return TextToken::Kind::Key;
    case Token::Kind::Upper:
      return TextToken::Kind::Anchor;
    case Token::Kind::Word:
      return TextToken::Kind::Word;
    case Token::Kind::Arrow:
      return TextToken::Kind::Arrow;
    case Token::Kind::Bad:
    case Token::Kind::End:
      return TextToken::Kind::Invalid;
    case Token::Kind::Symbol:
      break;
  }
  switch (token.symbol) {
    case '*':
      return in_expression ? TextToken::Kind::Operator : TextToken::Kind::Gap;
    case '_':
      return in_expression ? TextToken::Kind::Invalid : TextToken::Kind::Noise;
    case '(':
    case ')':
    case '{':
    case '}':
      return TextToken::Kind::Bracket;
    default:
      return TextToken::Kind::Operator;
  }
}

}  // namespace

std::vector<TextToken> tokenize(std::string_view text, TextKind kind) {
  std::vector<TextToken> tokens;
  bool in_target = false;
  for (const Token& token : language::lex(text)) {
    if (token.kind == Token::Kind::End) {
      break;
    }
    TextToken& next = tokens.emplace_back();
    next.kind = kindOf(token, in_target || kind == TextKind::Operation);
    next.span = {token.begin, token.end};
    next.in_target = in_target;
    in_target |= token.kind == Token::Kind::Arrow && kind == TextKind::Pattern;
  }
  return tokens;
}

}  // namespace anchorlens::core
