// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/bounds.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace anchorlens::core {
namespace {

using Kind = Expr::Kind;

Bounds join(const Bounds& a, const Bounds& b) {
  return {std::min(a.min, b.min), std::max(a.max, b.max)};
}

Bounds of(const TokenSet& set) {
  return {static_cast<double>(set.min()), static_cast<double>(set.max())};
}

Bounds combine(Kind kind, const std::vector<Bounds>& args) {
  const Bounds& a = args.front();
  const Bounds& b = args.back();
  switch (kind) {
    case Kind::Negate:
      return {-a.max, -a.min};
    case Kind::Add:
      return {a.min + b.min, a.max + b.max};
    case Kind::Subtract:
      return {a.min - b.max, a.max - b.min};
    case Kind::Multiply: {
      const auto corners = {a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max};
      return {std::min(corners), std::max(corners)};
    }
    case Kind::Mod:
      return {0, std::max(0.0, b.max - 1)};
    case Kind::Abs:
      return {a.min > 0   ? a.min
              : a.max < 0 ? -a.max
                          : 0.0,
              std::max(std::fabs(a.min), std::fabs(a.max))};
    default:
      break;
  }
  Bounds result = a;
  for (const Bounds& other : args) {
    result = kind == Kind::Min
                 ? Bounds{std::min(result.min, other.min), std::min(result.max, other.max)}
                 : Bounds{std::max(result.min, other.min), std::max(result.max, other.max)};
  }
  return result;
}

class BoundFinder {
 public:
  BoundFinder(const TaskPlan& plan, const FormPlan& form) : m_plan(plan), m_form(form) {}

  /// `names`: bounds of the program's symbols.
  Bounds find(const Program& program, int index, const std::vector<Bounds>& names) const {
    const Node& node = program.nodes[at(index)];
    switch (node.kind) {
      case Kind::Integer:
        return {static_cast<double>(node.value), static_cast<double>(node.value)};
      case Kind::Name:
        return names[at(node.symbol)];
      case Kind::Match:
      case Kind::Nearest: {
        std::optional<Bounds> bounds;
        for (const Arm& arm : node.arms) {
          const Bounds next = node.kind == Kind::Match ? names[at(arm.key)] : anchor(arm.anchor);
          bounds = bounds ? join(*bounds, next) : next;
        }
        return *bounds;
      }
      default:
        break;
    }
    std::vector<Bounds> args;
    for (const int arg : node.args) {
      args.push_back(find(program, arg, names));
    }
    return node.kind == Kind::Apply ? apply(node, args) : combine(node.kind, args);
  }

  Bounds result(const OperationPlan& plan, std::vector<Bounds> args) const {
    if (plan.kind == Operation::Kind::Table) {
      return of(m_plan.noise);
    }
    args.resize(kArgumentNames.size());
    Bounds bounds = find(plan.branches.front(), plan.branches.front().root(), args);
    for (const Program& branch : plan.branches) {
      bounds = join(bounds, find(branch, branch.root(), args));
    }
    return bounds;
  }

 private:
  Bounds anchor(const AnchorSlot& slot) const {
    return slot.symbol < 0 ? of(TokenSet({slot.token}))
                           : of(m_form.symbols[at(slot.symbol)].domain);
  }

  Bounds apply(const Node& node, const std::vector<Bounds>& args) const {
    const TokenSet tokens = node.anchor.symbol < 0 ? TokenSet({node.anchor.token})
                                                   : m_form.symbols[at(node.anchor.symbol)].domain;
    std::optional<Bounds> bounds;
    for (const std::int32_t token : tokens.tokens()) {
      const Bounds next = result(*m_plan.operations.find(token), args);
      bounds = bounds ? join(*bounds, next) : next;
    }
    return *bounds;
  }

  const TaskPlan& m_plan;
  const FormPlan& m_form;
};

/// factor * key + offset; key -1 for a number.
struct Linear {
  int key = -1;
  std::int64_t factor = 0;
  std::int64_t offset = 0;
};
using MaybeLinear = std::optional<Linear>;

MaybeLinear combineLinear(Kind kind, const Linear& a, const Linear& b) {
  const bool is_same = a.key < 0 || b.key < 0 || a.key == b.key;
  const int key = a.key < 0 ? b.key : a.key;
  if (kind == Kind::Negate) {
    return Linear{a.key, -a.factor, -a.offset};
  }
  if ((kind == Kind::Add || kind == Kind::Subtract) && is_same) {
    const int sign = kind == Kind::Add ? 1 : -1;
    return Linear{key, a.factor + sign * b.factor, a.offset + sign * b.offset};
  }
  if (kind == Kind::Multiply && (a.key < 0 || b.key < 0)) {
    const Linear& variable = a.key < 0 ? b : a;
    const std::int64_t number = a.key < 0 ? a.offset : b.offset;
    std::int64_t factor = 0;
    std::int64_t offset = 0;
    if (!__builtin_mul_overflow(variable.factor, number, &factor) &&
        !__builtin_mul_overflow(variable.offset, number, &offset)) {
      return Linear{variable.key, factor, offset};
    }
  }
  return std::nullopt;
}

MaybeLinear linearOf(const TaskPlan& plan, const Program& program, int index,
                     const Reading& reading, const std::vector<Linear>& names) {
  const Node& node = program.nodes[at(index)];
  if (node.kind == Kind::Integer) {
    return Linear{-1, 0, node.value};
  }
  if (node.kind == Kind::Name) {
    return names[at(node.symbol)];
  }
  if (node.args.empty()) {
    return std::nullopt;
  }
  std::vector<Linear> args;
  for (const int arg : node.args) {
    const MaybeLinear linear = linearOf(plan, program, arg, reading, names);
    if (!linear || std::llabs(linear->factor) > kLargestValue ||
        std::llabs(linear->offset) > kLargestValue) {
      return std::nullopt;
    }
    args.push_back(*linear);
  }
  if (node.kind != Kind::Apply) {
    return combineLinear(node.kind, args.front(), args.back());
  }
  const OperationPlan* operation =
      plan.operations.find(tokenOf(node.anchor, reading.values.data()));
  if (operation == nullptr || operation->branches.size() != 1) {
    return std::nullopt;
  }
  args.resize(kArgumentNames.size());
  return linearOf(plan, operation->branches[0], operation->branches[0].root(), reading, args);
}

}  // namespace

Bounds boundsOf(const TaskPlan& plan, const FormPlan& form) {
  std::vector<Bounds> names;
  for (const Symbol& symbol : form.symbols) {
    names.push_back(of(symbol.reach));
  }
  return BoundFinder(plan, form).find(form.target, form.target.root(), names);
}

Bounds boundsOf(const TaskPlan& plan, const FormPlan& form, const OperationPlan& operation,
                const std::vector<int>& keys) {
  std::vector<Bounds> args;
  for (const int key : keys) {
    args.push_back(of(form.symbols[at(key)].reach));
  }
  return BoundFinder(plan, form).result(operation, args);
}

std::string linearText(const TaskPlan& plan, const FormPlan& form, const Reading& reading) {
  std::vector<Linear> names;
  for (int i = 0; i < toInt(form.symbols.size()); ++i) {
    names.push_back({i, 1, 0});
  }
  const MaybeLinear linear = linearOf(plan, form.target, form.target.root(), reading, names);
  if (!linear || linear->key < 0) {
    return {};
  }
  const std::string key = form.symbols[at(linear->key)].text;
  std::string text = linear->factor == 1    ? key
                     : linear->factor == -1 ? "-" + key
                                            : std::to_string(linear->factor) + key;
  if (linear->offset != 0) {
    text += (linear->offset > 0 ? "+" : "") + std::to_string(linear->offset);
  }
  return text;
}

}  // namespace anchorlens::core
