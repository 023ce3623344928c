// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/expression_parser.h"

#include <algorithm>

// The selectors of a target: match and nearest.
namespace anchorlens::core::language {

Expr ExpressionParser::match() {
  const Token word = m_reader.previous();
  Expr expr;
  expr.kind = Expr::Kind::Match;
  m_reader.expect('(', "( after match");
  expr.anchor = anchorRef("an anchor after match(");
  m_reader.expect(';', "; after " + expr.anchor.text());
  do {
    expr.arms.push_back(matchArm(expr.arms));
  } while (m_reader.accept(','));
  m_reader.expect(')', "a comma or ) after " + expr.arms.back().key);
  expr.span = joined(spanOf(word), spanOf(m_reader.previous()));
  return expr;
}

SelectorArm ExpressionParser::matchArm(const std::vector<SelectorArm>& earlier) {
  const Token first = m_reader.peek();
  SelectorArm arm;
  arm.anchor = anchorRef("an anchor and its key (1:x)");
  m_reader.expect(':', ": after " + arm.anchor.text());
  arm.key = keyName("a key after :");
  arm.span = joined(spanOf(first), spanOf(m_reader.previous()));
  if (std::any_of(earlier.begin(), earlier.end(),
                  [&](const SelectorArm& other) { return other.anchor == arm.anchor; })) {
    m_reader.fail(arm.span, "match has two keys for " + arm.anchor.text() + ".");
  }
  return arm;
}

Expr ExpressionParser::nearest() {
  const Token word = m_reader.previous();
  Expr expr;
  expr.kind = Expr::Kind::Nearest;
  m_reader.expect('(', "( after nearest");
  expr.name = keyName("a key after nearest(");
  m_reader.expect(';', "; after " + expr.name);
  do {
    expr.arms.push_back(nearestArm(expr.arms));
  } while (m_reader.accept(','));
  m_reader.expect(')', "a comma or ) after " + expr.arms.back().anchor.text());
  expr.span = joined(spanOf(word), spanOf(m_reader.previous()));
  return expr;
}

SelectorArm ExpressionParser::nearestArm(const std::vector<SelectorArm>& earlier) {
  const Token first = m_reader.peek();
  SelectorArm arm;
  arm.key = keyName("a key and its anchor (x:A)");
  m_reader.expect(':', ": after " + arm.key);
  arm.anchor = anchorRef("an anchor after :");
  arm.span = joined(spanOf(first), spanOf(m_reader.previous()));
  if (std::any_of(earlier.begin(), earlier.end(),
                  [&](const SelectorArm& other) { return other.key == arm.key; })) {
    m_reader.fail(arm.span, "nearest has two anchors for " + arm.key + ".");
  }
  return arm;
}

}  // namespace anchorlens::core::language
