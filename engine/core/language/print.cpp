// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/language.h"
#include "engine/core/language/lexer.h"
#include "engine/core/language/print_number.h"

#include <cmath>
#include <string>

namespace anchorlens::core {
namespace language {
namespace {

/// How tightly the parts of an expression hold together.
enum Strength { kSum = 1, kProduct = 2, kUnary = 3, kPrimary = 4 };

Strength strengthOf(const Expr& expr) {
  switch (expr.kind) {
    case Expr::Kind::Add:
    case Expr::Kind::Subtract:
      return kSum;
    case Expr::Kind::Multiply:
    case Expr::Kind::Mod:
      return kProduct;
    case Expr::Kind::Negate:
      return kUnary;
    case Expr::Kind::Integer:
      return expr.value < 0 ? kUnary : kPrimary;
    default:
      return kPrimary;
  }
}

std::string print(const Expr& expr);

/// In brackets when it would fall apart in a place that asks for `least`.
std::string printAtLeast(const Expr& expr, Strength least) {
  std::string text = print(expr);
  return strengthOf(expr) < least ? "(" + text + ")" : text;
}

std::string printBinary(const Expr& expr, std::string_view sign, Strength own) {
  std::string text = printAtLeast(expr.args.at(0), own);
  text += sign;
  // Operators group to the left, so an equal operator on the right needs its brackets.
  std::string right = printAtLeast(expr.args.at(1), static_cast<Strength>(own + 1));
  text += right.front() == '-' ? "(" + right + ")" : right;
  return text;
}

std::string printArguments(const std::vector<Expr>& args) {
  std::string text = "(";
  for (std::size_t i = 0; i < args.size(); ++i) {
    text += (i == 0 ? "" : ", ") + print(args[i]);
  }
  return text + ")";
}

std::string printSelector(const Expr& expr) {
  const bool is_match = expr.kind == Expr::Kind::Match;
  std::string text = is_match ? "match(" + expr.anchor.text() : "nearest(" + expr.name;
  const char* separator = "; ";
  for (const SelectorArm& arm : expr.arms) {
    const std::string anchor = arm.anchor.text();
    text += separator + (is_match ? anchor + ":" + arm.key : arm.key + ":" + anchor);
    separator = ", ";
  }
  return text + ")";
}

std::string print(const Expr& expr) {
  switch (expr.kind) {
    case Expr::Kind::Integer:
      return std::to_string(expr.value);
    case Expr::Kind::Name:
      return expr.name;
    case Expr::Kind::Negate:
      return "-" + printAtLeast(expr.args.at(0), kPrimary);
    case Expr::Kind::Add:
      return printBinary(expr, "+", kSum);
    case Expr::Kind::Subtract:
      return printBinary(expr, "-", kSum);
    case Expr::Kind::Multiply:
      return printBinary(expr, "*", kProduct);
    case Expr::Kind::Mod:
      return printBinary(expr, " mod ", kProduct);
    case Expr::Kind::Min:
      return "min" + printArguments(expr.args);
    case Expr::Kind::Max:
      return "max" + printArguments(expr.args);
    case Expr::Kind::Abs:
      return "abs" + printArguments(expr.args);
    case Expr::Kind::Apply:
      return expr.anchor.text() + printArguments(expr.args);
    case Expr::Kind::Match:
    case Expr::Kind::Nearest:
      return printSelector(expr);
  }
  return {};
}

std::string printItem(const Item& item) {
  switch (item.kind) {
    case Item::Kind::Gap:
      return "*";
    case Item::Kind::Noise:
      return "_";
    case Item::Kind::Token:
      return std::to_string(item.token);
    case Item::Kind::Key:
    case Item::Kind::Anchor:
      return item.name;
    case Item::Kind::Blocks:
      break;
  }
  std::string text;
  for (const Sequence& block : item.blocks) {
    text += (text.empty() ? "{ " : " | ") + printSequence(block);
  }
  return text + " }";
}

}  // namespace

std::string printPercent(double percent) {
  const auto units =
      static_cast<std::uint64_t>(std::llround(percent * static_cast<double>(kPercentUnit)));
  std::string decimals = std::to_string(units % kPercentUnit + kPercentUnit).substr(1);
  decimals.erase(decimals.find_last_not_of('0') + 1);
  const std::string whole = std::to_string(units / kPercentUnit);
  return decimals.empty() ? whole : whole + "." + decimals;
}

}  // namespace language

std::string printSequence(const Sequence& sequence) {
  std::string text;
  const Item* previous = nullptr;
  for (const Item& item : sequence) {
    const bool extends_gap =
        previous != nullptr && previous->kind == Item::Kind::Gap && item.kind == Item::Kind::Gap;
    if (!extends_gap) {
      text += (text.empty() ? "" : " ") + language::printItem(item);
    }
    previous = &item;
  }
  return text;
}

std::string printPattern(const Pattern& pattern) {
  return printSequence(pattern.items) + " -> " + language::print(pattern.target);
}

std::string printExpression(const Expr& expression) {
  return language::print(expression);
}

std::string printOperation(const Operation& operation) {
  switch (operation.kind) {
    case Operation::Kind::Table:
      return "table " + std::to_string(operation.table_seed);
    case Operation::Kind::Synonym:
      return "same as " + std::to_string(operation.synonym_of);
    case Operation::Kind::Expression:
      return language::print(operation.branches.at(0).expression);
    case Operation::Kind::Stochastic:
      break;
  }
  std::string text;
  for (const Operation::Branch& branch : operation.branches) {
    text += (text.empty() ? "" : " | ") + language::printPercent(branch.percent) + "% " +
            language::print(branch.expression);
  }
  return text;
}

}  // namespace anchorlens::core
