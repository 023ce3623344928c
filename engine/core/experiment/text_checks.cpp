// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/text_checks.h"

#include "engine/core/experiment/json_text.h"
#include "engine/core/language/language.h"

#include <algorithm>

namespace anchorlens::core {
namespace {

using Problem = std::optional<TextProblem>;

Problem problem(const LanguageError& error) {
  return TextProblem{error.message, error.column, error.length};
}

Problem unexpected(std::string_view expected, std::string_view text) {
  return TextProblem{"expected " + std::string(expected) + ", got " + shortText(text)};
}

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}
bool isLower(char c) {
  return c >= 'a' && c <= 'z';
}
bool isControl(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

Problem checkName(std::string_view text) {
  if (text.empty() || std::any_of(text.begin(), text.end(), isControl))
    return unexpected("a name of at least one character, without control characters", text);
  return {};
}

Problem checkPattern(std::string_view text) {
  const auto pattern = parsePattern(text);
  return pattern ? Problem() : problem(pattern.error());
}

Problem checkOperation(std::string_view text) {
  const auto operation = parseOperation(text);
  return operation ? Problem() : problem(operation.error());
}

Problem checkPredicate(std::string_view text) {
  const auto expression = parseExpression(text);
  return expression ? Problem() : problem(expression.error());
}

Problem checkResidueKey(std::string_view text) {
  const auto expression = parseExpression(text);
  // "answer" is a name like any other to the parser.
  if (expression && expression->kind == Expr::Kind::Name && expression->name == text)
    return {};
  return unexpected("the name of a key variable such as \"x\", or \"answer\"", text);
}

Problem checkVariable(std::string_view text) {
  const auto pattern = parsePattern(std::string(text) + " x -> x");
  if (pattern && pattern->items.size() == 2 && pattern->items[0].kind == Item::Kind::Anchor &&
      pattern->items[0].name == text)
    return {};
  return unexpected("the name of an anchor variable such as \"A\"", text);
}

Problem checkDevice(std::string_view text) {
  const std::string_view number = text.starts_with("cuda:") ? text.substr(5) : std::string_view();
  const bool is_numbered = !number.empty() && number.size() <= 2 &&
                           std::all_of(number.begin(), number.end(), isDigit) &&
                           (number.size() == 1 || number[0] != '0');
  if (text == "auto" || text == "cpu" || text == "cuda" || is_numbered)
    return {};
  return unexpected("\"auto\", \"cpu\", \"cuda\" or \"cuda:N\" with N from 0 to 99", text);
}

Problem checkKernel(std::string_view text) {
  const bool is_word = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return isLower(c) || isDigit(c) || c == '_' || c == '-' || c == '.';
  });
  if (is_word)
    return {};
  return unexpected("\"auto\" or the name of a kernel (a-z, 0-9, \"_\", \"-\", \".\")", text);
}

}  // namespace anchorlens::core
