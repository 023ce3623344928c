// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/language/simplify.h"

#include "engine/core/language/language.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace anchorlens::core {
namespace {

constexpr std::int64_t kLargestCoefficient = 1'000'000'000'000;
constexpr std::size_t kMostTerms = 64;
constexpr std::size_t kHighestDegree = 6;

Expr integer(std::int64_t value) {
  Expr expr;
  expr.value = std::abs(value);
  if (value >= 0) {
    return expr;
  }
  Expr negated;
  negated.kind = Expr::Kind::Negate;
  negated.args.push_back(std::move(expr));
  return negated;
}

Expr binary(Expr::Kind kind, Expr left, Expr right) {
  Expr expr;
  expr.kind = kind;
  expr.args.push_back(std::move(left));
  expr.args.push_back(std::move(right));
  return expr;
}

bool containsApply(const Expr& expr) {
  return expr.kind == Expr::Kind::Apply ||
         std::any_of(expr.args.begin(), expr.args.end(), containsApply);
}

/// A product of atoms, by their printed texts, sorted.
using Monomial = std::vector<std::string>;

/// Highest degree first, the constant last.
struct ByDegree {
  bool operator()(const Monomial& a, const Monomial& b) const {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  }
};
using Polynomial = std::map<Monomial, std::int64_t, ByDegree>;

class Simplifier {
 public:
  std::optional<Expr> simplify(const Expr& expr) {
    const auto polynomial = read(expr);
    return polynomial ? std::optional(write(*polynomial)) : std::nullopt;
  }

 private:
  using Kind = Expr::Kind;

  std::optional<Polynomial> read(const Expr& expr) {
    switch (expr.kind) {
      case Kind::Integer:
        return constant(expr.value);
      case Kind::Negate: {
        const auto value = read(expr.args.at(0));
        return value ? multiplied(*value, {{{}, -1}}) : std::nullopt;
      }
      case Kind::Add:
      case Kind::Subtract:
      case Kind::Multiply:
        return readBinary(expr);
      case Kind::Name:
      case Kind::Match:
      case Kind::Nearest:
        return atom(expr);
      case Kind::Mod:
      case Kind::Min:
      case Kind::Max:
      case Kind::Abs:
      case Kind::Apply:
        return readFunction(expr);
    }
    return std::nullopt;
  }

  std::optional<Polynomial> readBinary(const Expr& expr) {
    const auto left = read(expr.args.at(0));
    auto right = read(expr.args.at(1));
    if (right && expr.kind == Kind::Subtract) {
      right = multiplied(*right, {{{}, -1}});
    }
    if (!left || !right) {
      return std::nullopt;
    }
    return expr.kind == Kind::Multiply ? multiplied(*left, *right) : added(*left, *right);
  }

  std::optional<Polynomial> readFunction(const Expr& expr) {
    Expr simple = expr;
    bool is_constant = expr.kind != Kind::Apply;
    for (Expr& arg : simple.args) {
      auto value = simplify(arg);
      if (!value) {
        return std::nullopt;
      }
      arg = std::move(*value);
      is_constant = is_constant && isConstant(arg);
    }
    if (simple.kind == Kind::Mod) {
      const Expr& modulus = simple.args.at(1);
      if (modulus.kind != Kind::Integer || modulus.value < 1) {
        return std::nullopt;
      }
    }
    if (is_constant) {
      const auto value = evaluate(simple, [](std::string_view) { return std::nullopt; });
      return value ? constant(*value) : std::nullopt;
    }
    return atom(simple);
  }

  static bool isConstant(const Expr& expr) {
    return expr.kind == Kind::Integer ||
           (expr.kind == Kind::Negate && expr.args.at(0).kind == Kind::Integer);
  }

  static std::optional<Polynomial> constant(std::int64_t value) {
    if (std::abs(value) > kLargestCoefficient) {
      return std::nullopt;
    }
    return value == 0 ? Polynomial{} : Polynomial{{{}, value}};
  }

  std::optional<Polynomial> atom(const Expr& expr) {
    const std::string name = printExpression(expr);
    // A random operation is drawn at each place: two of them may not be put together.
    if (!m_atoms.emplace(name, expr).second && containsApply(expr)) {
      return std::nullopt;
    }
    return Polynomial{{{name}, 1}};
  }

  static std::optional<Polynomial> added(Polynomial sum, const Polynomial& other) {
    for (const auto& [monomial, coefficient] : other) {
      std::int64_t& own = sum[monomial];
      own += coefficient;
      if (std::abs(own) > kLargestCoefficient) {
        return std::nullopt;
      }
      if (own == 0) {
        sum.erase(monomial);
      }
    }
    return sum.size() > kMostTerms ? std::nullopt : std::optional(std::move(sum));
  }

  static std::optional<Polynomial> multiplied(const Polynomial& left, const Polynomial& right) {
    std::optional<Polynomial> product = Polynomial{};
    for (const auto& [first, a] : left) {
      for (const auto& [second, b] : right) {
        Monomial both = first;
        both.insert(both.end(), second.begin(), second.end());
        std::sort(both.begin(), both.end());
        std::int64_t coefficient = 0;
        if (both.size() > kHighestDegree || __builtin_mul_overflow(a, b, &coefficient) ||
            coefficient > kLargestCoefficient || coefficient < -kLargestCoefficient) {
          return std::nullopt;
        }
        product = added(std::move(*product), {{both, coefficient}});
        if (!product) {
          return std::nullopt;
        }
      }
    }
    return product;
  }

  /// |coefficient| times the atoms; `is_negative` for a leading term only.
  Expr term(const Monomial& monomial, std::int64_t coefficient) const {
    std::optional<Expr> product;
    if (monomial.empty() || std::abs(coefficient) != 1) {
      product = integer(coefficient);
    }
    for (const std::string& name : monomial) {
      const Expr& factor = m_atoms.at(name);
      product = product ? binary(Kind::Multiply, std::move(*product), factor) : factor;
    }
    if (coefficient == -1 && !monomial.empty()) {
      // -x*y is (-x)*y: minus holds tightest.
      Expr* first = &*product;
      while (first->kind == Kind::Multiply) {
        first = &first->args[0];
      }
      Expr negated;
      negated.kind = Kind::Negate;
      negated.args.push_back(*first);
      *first = std::move(negated);
    }
    return *product;
  }

  Expr write(const Polynomial& polynomial) const {
    std::vector<std::pair<Monomial, std::int64_t>> terms(polynomial.begin(), polynomial.end());
    if (terms.empty()) {
      return integer(0);
    }
    // 5-x rather than -x+5.
    const auto positive = std::find_if(terms.begin(), terms.end(),
                                       [](const auto& term_) { return term_.second > 0; });
    if (positive != terms.end()) {
      std::rotate(terms.begin(), positive, positive + 1);
    }
    Expr sum = term(terms.front().first, terms.front().second);
    for (std::size_t i = 1; i < terms.size(); ++i) {
      const bool is_negative = terms[i].second < 0;
      sum = binary(is_negative ? Kind::Subtract : Kind::Add, std::move(sum),
                   term(terms[i].first, std::abs(terms[i].second)));
    }
    return sum;
  }

  std::map<std::string, Expr> m_atoms;
};

}  // namespace

Expr simplified(const Expr& expression) {
  return Simplifier().simplify(expression).value_or(expression);
}

}  // namespace anchorlens::core
