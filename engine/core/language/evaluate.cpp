// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/language.h"

#include <algorithm>
#include <optional>

namespace anchorlens::core {
namespace {

constexpr std::int64_t kLimit = 1'000'000'000'000'000;
using Value = std::optional<std::int64_t>;

Value limited(std::int64_t value) {
  return value < -kLimit || value > kLimit ? Value() : Value(value);
}

Value combine(Expr::Kind kind, std::int64_t left, std::int64_t right) {
  std::int64_t result = 0;
  switch (kind) {
    case Expr::Kind::Add:
      return limited(left + right);  // both within kLimit: no overflow
    case Expr::Kind::Subtract:
      return limited(left - right);
    case Expr::Kind::Multiply:
      return __builtin_mul_overflow(left, right, &result) ? Value() : limited(result);
    case Expr::Kind::Mod:
      if (right <= 0) {
        return std::nullopt;
      }
      return ((left % right) + right) % right;
    case Expr::Kind::Min:
      return std::min(left, right);
    case Expr::Kind::Max:
      return std::max(left, right);
    default:
      return std::nullopt;
  }
}

}  // namespace

Value evaluate(const Expr& expression, const std::function<Value(std::string_view)>& valueOf) {
  switch (expression.kind) {
    case Expr::Kind::Integer:
      return limited(expression.value);
    case Expr::Kind::Name: {
      const Value value = valueOf(expression.name);
      return value ? limited(*value) : value;
    }
    case Expr::Kind::Apply:
    case Expr::Kind::Match:
    case Expr::Kind::Nearest:
      return std::nullopt;
    default:
      break;
  }
  if (expression.args.empty()) {
    return std::nullopt;
  }
  Value result = evaluate(expression.args.front(), valueOf);
  if (!result) {
    return result;
  }
  if (expression.kind == Expr::Kind::Negate) {
    return -*result;
  }
  if (expression.kind == Expr::Kind::Abs) {
    return *result < 0 ? -*result : *result;
  }
  for (std::size_t i = 1; i < expression.args.size(); ++i) {
    const Value next = evaluate(expression.args[i], valueOf);
    result = next ? combine(expression.kind, *result, *next) : Value();
    if (!result) {
      return result;
    }
  }
  return result;
}

}  // namespace anchorlens::core
