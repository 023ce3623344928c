// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/composed_operation.h"

#include "engine/core/language/language.h"
#include "engine/core/language/simplify.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace anchorlens::core {
namespace {

constexpr std::size_t kMostBranches = 16;
constexpr std::array<const char*, 3> kArguments{"x", "y", "z"};
using Branches = std::vector<Operation::Branch>;

/// The expression with x, y and z replaced; empty when one of them has no argument.
std::optional<Expr> substituted(const Expr& expr, const std::vector<Expr>& args) {
  if (expr.kind == Expr::Kind::Name) {
    const auto place = std::find(kArguments.begin(), kArguments.end(), expr.name);
    const auto index = static_cast<std::size_t>(place - kArguments.begin());
    return index < args.size() ? std::optional(args[index]) : std::nullopt;
  }
  Expr result = expr;
  for (Expr& arg : result.args) {
    auto inner = substituted(arg, args);
    if (!inner) {
      return std::nullopt;
    }
    arg = std::move(*inner);
  }
  return result;
}

class Composer {
 public:
  Composer(const TaskSpec& task, const AnchorValues& values) : m_task(task), m_values(values) {}

  std::optional<Branches> compose(const Expr& expr) const {
    switch (expr.kind) {
      case Expr::Kind::Match:
        return selected(expr);
      case Expr::Kind::Nearest: {
        Expr named = expr;
        for (SelectorArm& arm : named.arms) {
          const auto token = tokenOf(arm.anchor);
          if (!token) {
            return std::nullopt;
          }
          arm.anchor = literal(*token);
        }
        return Branches{{100, std::move(named)}};
      }
      default:
        return composedArguments(expr);
    }
  }

 private:
  static AnchorRef literal(int token) {
    AnchorRef anchor;
    anchor.token = token;
    return anchor;
  }

  std::optional<int> tokenOf(const AnchorRef& anchor) const {
    if (anchor.isLiteral()) {
      return anchor.token;
    }
    const auto found = m_values.find(anchor.name);
    return found == m_values.end() ? std::nullopt : std::optional(found->second);
  }

  /// The key of the one arm that match selects.
  std::optional<Branches> selected(const Expr& match) const {
    const auto wanted = tokenOf(match.anchor);
    Expr key;
    key.kind = Expr::Kind::Name;
    for (const SelectorArm& arm : match.arms) {
      if (wanted && tokenOf(arm.anchor) == wanted) {
        if (!key.name.empty() && key.name != arm.key) {
          return std::nullopt;
        }
        key.name = arm.key;
      }
    }
    return key.name.empty() ? std::nullopt : std::optional(Branches{{100, std::move(key)}});
  }

  /// Every combination of the arguments' branches, put together.
  std::optional<Branches> composedArguments(const Expr& expr) const {
    Branches all{{100, expr}};
    for (std::size_t i = 0; i < expr.args.size(); ++i) {
      const auto arg = compose(expr.args[i]);
      if (!arg || all.size() * arg->size() > kMostBranches) {
        return std::nullopt;
      }
      Branches next;
      for (const auto& [percent, outer] : all) {
        for (const auto& [inner_percent, inner] : *arg) {
          next.push_back({percent * inner_percent / 100, outer});
          next.back().expression.args[i] = inner;
        }
      }
      all = std::move(next);
    }
    return expr.kind == Expr::Kind::Apply ? applied(all, expr.anchor) : all;
  }

  /// The operation of a token, synonyms followed, and the token that it belongs to.
  std::optional<std::pair<Operation, int>> operationOf(int token) const {
    for (std::size_t steps = 0; steps <= m_task.anchors.size(); ++steps) {
      const auto row =
          std::find_if(m_task.anchors.begin(), m_task.anchors.end(),
                       [&](const AnchorSpec& anchor) { return anchor.token == token; });
      if (row == m_task.anchors.end()) {
        return std::nullopt;
      }
      auto operation = parseOperation(row->operation);
      if (!operation) {
        return std::nullopt;
      }
      if (operation->kind != Operation::Kind::Synonym) {
        return std::pair{std::move(*operation), token};
      }
      token = operation->synonym_of;
    }
    return std::nullopt;
  }

  std::optional<Branches> applied(const Branches& calls, const AnchorRef& anchor) const {
    const auto token = tokenOf(anchor);
    const auto operation = token ? operationOf(*token) : std::nullopt;
    if (!operation) {
      return std::nullopt;
    }
    Branches result;
    for (const auto& [percent, call] : calls) {
      if (operation->first.kind == Operation::Kind::Table) {
        result.push_back({percent, call});
        result.back().expression.anchor = literal(operation->second);
        continue;
      }
      for (const auto& [own_percent, own] : operation->first.branches) {
        auto value = substituted(own, call.args);
        if (!value || result.size() == kMostBranches) {
          return std::nullopt;
        }
        result.push_back({percent * own_percent / 100, std::move(*value)});
      }
    }
    return result;
  }

  const TaskSpec& m_task;
  const AnchorValues& m_values;
};

}  // namespace

std::optional<Operation> composedOperation(const TaskSpec& task, const Pattern& pattern,
                                           const AnchorValues& values) {
  const auto branches = Composer(task, values).compose(pattern.target);
  if (!branches) {
    return std::nullopt;
  }
  Operation operation;
  for (const auto& [percent, expression] : *branches) {
    Expr simple = simplified(expression);
    const auto same = std::find_if(operation.branches.begin(), operation.branches.end(),
                                   [&](const auto& branch) { return branch.expression == simple; });
    if (same == operation.branches.end()) {
      operation.branches.push_back({percent, std::move(simple)});
    } else {
      same->percent += percent;
    }
  }
  operation.kind =
      operation.branches.size() == 1 ? Operation::Kind::Expression : Operation::Kind::Stochastic;
  return operation;
}

}  // namespace anchorlens::core
