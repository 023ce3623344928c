// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/language/token_reader.h"

/// Private to engine/core/language: integer expressions by recursive descent.
namespace anchorlens::core::language {

/// Where an expression stands: decides which names and functions it may use.
enum class Place {
  Target,     ///< right of a pattern's arrow: keys, applied anchors, match, nearest
  Operation,  ///< x, y, z
  Predicate,  ///< any key
};

/// sum = product { ("+" | "-") product }
/// product = unary { ("*" | "mod") unary }
/// unary = "-" unary | primary
class ExpressionParser {
 public:
  ExpressionParser(TokenReader& reader, Place place) : m_reader(reader), m_place(place) {}

  /// Stops at the first token that does not belong to the expression.
  Expr sum();
  /// Fails when something follows the expression; says what.
  void expectEnd();

 private:
  Expr product();
  Expr unary();
  Expr primary();
  Expr name();
  Expr literal();
  Expr bracketed();
  Expr function();
  Expr apply(AnchorRef anchor, const Token& first);
  Expr match();
  Expr nearest();
  SelectorArm matchArm(const std::vector<SelectorArm>& earlier);
  SelectorArm nearestArm(const std::vector<SelectorArm>& earlier);
  std::vector<Expr> arguments();
  AnchorRef anchorRef(std::string_view what);
  std::string keyName(std::string_view what);
  Expr binary(Expr::Kind kind, Expr left, Expr right, const Token& sign);
  void failOperand();

  TokenReader& m_reader;
  Place m_place;
};

}  // namespace anchorlens::core::language
