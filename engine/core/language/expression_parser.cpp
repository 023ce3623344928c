// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/expression_parser.h"

#include <algorithm>
#include <utility>

namespace anchorlens::core::language {
namespace {

constexpr std::size_t kMaxKeys = 3;  // an operation knows x, y and z

bool isNotPositive(const Expr& expr) {
  const bool is_negative =
      expr.kind == Expr::Kind::Negate && expr.args.front().kind == Expr::Kind::Integer;
  return is_negative || (expr.kind == Expr::Kind::Integer && expr.value <= 0);
}

}  // namespace

Expr ExpressionParser::sum() {
  Expr left = product();
  while (m_reader.peek().is('+') || m_reader.peek().is('-')) {
    const Token sign = m_reader.take();
    const auto kind = sign.is('+') ? Expr::Kind::Add : Expr::Kind::Subtract;
    left = binary(kind, std::move(left), product(), sign);
  }
  return left;
}

Expr ExpressionParser::product() {
  Expr left = unary();
  while (m_reader.peek().is('*') || m_reader.peek().isWord("mod")) {
    const Token sign = m_reader.take();
    const auto kind = sign.is('*') ? Expr::Kind::Multiply : Expr::Kind::Mod;
    Expr right = unary();
    if (kind == Expr::Kind::Mod && isNotPositive(right)) {
      m_reader.fail(right.span, "mod needs a number of at least 1 after it.");
    }
    left = binary(kind, std::move(left), std::move(right), sign);
  }
  return left;
}

Expr ExpressionParser::binary(Expr::Kind kind, Expr left, Expr right, const Token& sign) {
  m_reader.countNode(sign);
  Expr expr;
  expr.kind = kind;
  expr.span = joined(left.span, right.span);
  expr.args.push_back(std::move(left));
  expr.args.push_back(std::move(right));
  return expr;
}

Expr ExpressionParser::unary() {
  if (!m_reader.peek().is('-')) {
    return primary();
  }
  const TokenReader::Nesting nesting(m_reader);
  const Token sign = m_reader.take();
  Expr expr;
  expr.kind = Expr::Kind::Negate;
  expr.args.push_back(unary());
  expr.span = joined(spanOf(sign), expr.args.front().span);
  return expr;
}

Expr ExpressionParser::primary() {
  const Token& token = m_reader.peek();
  m_reader.countNode(token);
  switch (m_reader.peek().kind) {
    case Token::Kind::Number:
      return literal();
    case Token::Kind::Lower:
    case Token::Kind::Upper:
      return name();
    case Token::Kind::Word:
      return function();
    default:
      if (m_reader.peek().is('(')) {
        return bracketed();
      }
      failOperand();
      return {};
  }
}

void ExpressionParser::failOperand() {
  const Token& previous = m_reader.previous();
  if (m_reader.atStart()) {
    m_reader.failExpected(m_place == Place::Operation ? "an operation such as x+5"
                                                      : "an expression such as x mod 2");
  } else if (previous.kind == Token::Kind::Arrow) {
    m_reader.failExpected("an answer after ->");
  } else {
    m_reader.failExpected("a value after " + (previous.is(',') ? "the comma" : shown(previous)));
  }
}

Expr ExpressionParser::literal() {
  const Token first = m_reader.peek();
  if (m_reader.peekNext().is('(')) {
    AnchorRef anchor;
    anchor.token = m_reader.vocabularyToken("an anchor");
    return apply(std::move(anchor), first);
  }
  Expr expr;
  expr.span = spanOf(first);
  expr.value = static_cast<std::int64_t>(m_reader.integer("a number", kMaxInteger));
  return expr;
}

Expr ExpressionParser::name() {
  const Token token = m_reader.take();
  if (token.kind == Token::Kind::Upper) {
    if (m_place == Place::Target) {
      return apply(AnchorRef{std::string(token.text), 0}, token);
    }
    m_reader.fail(token, m_place == Place::Operation
                             ? shown(token) +
                                   " is an anchor: an operation knows only its keys, "
                                   "by the names x, y and z."
                             : shown(token) + " is an anchor: a predicate knows only keys.");
    return {};
  }
  if (m_reader.peek().is('(')) {
    m_reader.fail(token,
                  shown(token) + " is a key and cannot be applied; the functions are min, max" +
                      (m_place == Place::Target ? ", abs, match and nearest." : " and abs."));
    return {};
  }
  if (m_place == Place::Operation && token.text != "x" && token.text != "y" && token.text != "z") {
    m_reader.fail(token, shown(token) +
                             " is unknown: an operation knows its keys by the names x, "
                             "y and z.");
    return {};
  }
  Expr expr;
  expr.kind = Expr::Kind::Name;
  expr.span = spanOf(token);
  expr.name = std::string(token.text);
  return expr;
}

Expr ExpressionParser::bracketed() {
  const TokenReader::Nesting nesting(m_reader);
  const Token open = m_reader.take();
  Expr expr = sum();
  m_reader.expect(')', "an operator or )");
  expr.span = joined(spanOf(open), spanOf(m_reader.previous()));
  return expr;
}

std::vector<Expr> ExpressionParser::arguments() {
  const TokenReader::Nesting nesting(m_reader);
  m_reader.expect('(', "( after " + shown(m_reader.previous()));
  std::vector<Expr> args;
  args.push_back(sum());
  while (m_reader.accept(',')) {
    args.push_back(sum());
  }
  m_reader.expect(')', "an operator, a comma or )");
  return args;
}

Expr ExpressionParser::function() {
  const Token word = m_reader.peek();
  if (word.isWord("match") || word.isWord("nearest")) {
    if (m_place != Place::Target) {
      m_reader.fail(word, shown(word) + " belongs to the answer of a pattern.");
      return {};
    }
    m_reader.take();
    return word.isWord("match") ? match() : nearest();
  }
  Expr expr;
  if (word.isWord("min") || word.isWord("max")) {
    expr.kind = word.isWord("min") ? Expr::Kind::Min : Expr::Kind::Max;
  } else if (word.isWord("abs")) {
    expr.kind = Expr::Kind::Abs;
  } else if (m_place == Place::Operation && (word.isWord("table") || word.isWord("same"))) {
    m_reader.fail(word, shown(word) + " stands alone: it is not part of an expression.");
    return {};
  } else {
    failOperand();
    return {};
  }
  m_reader.take();
  expr.args = arguments();
  expr.span = joined(spanOf(word), spanOf(m_reader.previous()));
  if (expr.kind == Expr::Kind::Abs && expr.args.size() != 1) {
    m_reader.fail(expr.span, "abs takes one value, not " + std::to_string(expr.args.size()) + ".");
  } else if (expr.kind != Expr::Kind::Abs && expr.args.size() < 2) {
    m_reader.fail(expr.span, shown(word) + " takes two values or more, not one.");
  }
  return expr;
}

Expr ExpressionParser::apply(AnchorRef anchor, const Token& first) {
  if (m_place != Place::Target) {
    m_reader.fail(TextSpan{first.begin, m_reader.peek().end},
                  shown(first) +
                      "( would apply an anchor, which only the answer of a pattern may; "
                      "to multiply write " +
                      shown(first) + "*(.");
    return {};
  }
  Expr expr;
  expr.kind = Expr::Kind::Apply;
  expr.anchor = std::move(anchor);
  if (!m_reader.peek().is('(')) {
    m_reader.fail(first, "The anchor " + shown(first) + " has to be applied to a key, as in " +
                             shown(first) + "(x).");
    return expr;
  }
  expr.args = arguments();
  expr.span = joined(spanOf(first), spanOf(m_reader.previous()));
  if (expr.args.size() > kMaxKeys) {
    m_reader.fail(expr.span, "An anchor takes at most " + std::to_string(kMaxKeys) + " keys, not " +
                                 std::to_string(expr.args.size()) + ".");
  }
  return expr;
}

AnchorRef ExpressionParser::anchorRef(std::string_view what) {
  if (m_reader.peek().kind == Token::Kind::Upper) {
    return {std::string(m_reader.take().text), 0};
  }
  return {{}, m_reader.vocabularyToken(what)};
}

std::string ExpressionParser::keyName(std::string_view what) {
  if (m_reader.peek().kind != Token::Kind::Lower) {
    m_reader.failExpected(what);
    return {};
  }
  return std::string(m_reader.take().text);
}

void ExpressionParser::expectEnd() {
  const Token& token = m_reader.peek();
  if (m_reader.atEnd()) {
    return;
  }
  if (token.kind == Token::Kind::Arrow) {
    m_reader.fail(token, m_place == Place::Target ? "There is a second arrow: a pattern has one."
                                                  : "An arrow belongs to a pattern, not here.");
  } else if (token.is('%')) {
    m_reader.failExpected("an operator or the end; for a remainder write mod");
  } else {
    m_reader.failExpected("an operator or the end of the text");
  }
}

}  // namespace anchorlens::core::language
