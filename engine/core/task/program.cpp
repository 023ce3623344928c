// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/program.h"

namespace anchorlens::core {
namespace {

class Builder {
 public:
  explicit Builder(const Names& names) : m_names(names) {}

  bool add(const Expr& expression) {
    Node node;
    node.kind = expression.kind;
    node.value = expression.value;
    bool is_good = resolve(expression, node);
    for (const Expr& arg : expression.args) {
      is_good = add(arg) && is_good;
      node.args.push_back(program.root());
    }
    program.nodes.push_back(std::move(node));
    return is_good;
  }

  Program program;

 private:
  bool resolve(const Expr& expression, Node& node) {
    using Kind = Expr::Kind;
    bool is_good = true;
    if (expression.kind == Kind::Name || expression.kind == Kind::Nearest) {
      is_good = assign(m_names.key(expression.name), node.symbol);
    }
    if (expression.kind == Kind::Apply || expression.kind == Kind::Match) {
      is_good = assign(m_names.anchor(expression.anchor), node.anchor);
    }
    for (const SelectorArm& arm : expression.arms) {
      Arm built;
      is_good = assign(m_names.anchor(arm.anchor), built.anchor) && is_good;
      is_good = assign(m_names.key(arm.key), built.key) && is_good;
      node.arms.push_back(built);
    }
    return is_good;
  }

  template <typename T>
  static bool assign(const std::optional<T>& found, T& to) {
    if (found) {
      to = *found;
    }
    return found.has_value();
  }

  const Names& m_names;
};

}  // namespace

std::optional<Program> buildProgram(const Expr& expression, const Names& names) {
  Builder builder(names);
  if (!builder.add(expression)) {
    return std::nullopt;
  }
  return std::move(builder.program);
}

}  // namespace anchorlens::core
