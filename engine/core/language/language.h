// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/expected.h"
#include "engine/core/language/ast.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

/// Text to tree and back. Grammar and meaning: docs/language.md. All functions are pure and safe
/// on any input (nesting is limited, numbers are checked).
namespace anchorlens::core {

/// Why a text is not in the language: where, and what was expected there.
struct LanguageError {
  int column = 0;  ///< 0-based byte offset
  int length = 1;  ///< bytes that the error covers; at least 1, may lie just past the end
  std::string message;
  bool operator==(const LanguageError&) const = default;
};

/// "* 3 x * -> x"; also takes the arrow U+2192.
Expected<Pattern, LanguageError> parsePattern(std::string_view text);
/// "x+5", "80% x | 20% x+1", "table 7", "same as 3"
Expected<Operation, LanguageError> parseOperation(std::string_view text);
/// An integer expression over lower-case names, for predicates: "x mod 2".
Expected<Expr, LanguageError> parseExpression(std::string_view text);

/// The canonical text: parse(print(tree)) == tree and print(parse(text)) is stable.
std::string printPattern(const Pattern& pattern);
std::string printSequence(const Sequence& sequence);
std::string printOperation(const Operation& operation);
std::string printExpression(const Expr& expression);

/// Value of an expression without Apply, Match or Nearest. `valueOf` gives the value of a name.
/// Empty when a name has no value, at mod by zero or a negative modulus, and when a result leaves
/// +-10^15.
std::optional<std::int64_t> evaluate(
    const Expr& expression,
    const std::function<std::optional<std::int64_t>(std::string_view)>& valueOf);

/// A token of the text for colouring as one types; works on text that does not parse.
struct TextToken {
  enum class Kind { Gap, Noise, Key, Anchor, Number, Arrow, Bracket, Operator, Word, Invalid };
  Kind kind = Kind::Invalid;
  TextSpan span;
  bool in_target = false;  ///< right of the arrow
};
/// What a text is meant to be: in an operation or predicate, `*` multiplies from the start.
enum class TextKind { Pattern, Operation };
std::vector<TextToken> tokenize(std::string_view text, TextKind kind = TextKind::Pattern);

}  // namespace anchorlens::core
