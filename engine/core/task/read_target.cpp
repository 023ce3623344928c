// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/compile.h"

#include <algorithm>
#include <set>

namespace anchorlens::core {
namespace {

std::string namesText(const FormPlan& form, RoleInfo::Kind kind) {
  std::vector<std::string> names;
  for (const Symbol& symbol : form.symbols) {
    if (symbol.kind == kind) {
      names.push_back(symbol.text);
    }
  }
  const std::string what = kind == RoleInfo::Kind::Key ? "keys" : "anchors";
  return names.empty() ? "it has no " + what : "its " + what + " are " + listText(names);
}

int findSymbol(const FormPlan& form, RoleInfo::Kind kind, const std::string& text) {
  for (int i = 0; i < toInt(form.symbols.size()); ++i) {
    if (form.symbols[at(i)].kind == kind && form.symbols[at(i)].text == text) {
      return i;
    }
  }
  return -1;
}

/// Says what is wrong with a target, with columns.
class TargetCheck {
 public:
  TargetCheck(const TaskPlan& plan, const FormPlan& form, ErrorList& errors)
      : m_plan(plan), m_form(form), m_errors(errors) {}

  void check(const Expr& expr) {
    using Kind = Expr::Kind;
    if (expr.kind == Kind::Name || expr.kind == Kind::Nearest) {
      checkKey(expr.name, expr.span);
    }
    if (expr.kind == Kind::Apply || expr.kind == Kind::Match) {
      checkAnchor(expr.anchor, expr.span);
    }
    if (expr.kind == Kind::Apply) {
      checkApplied(expr);
    }
    for (const SelectorArm& arm : expr.arms) {
      checkKey(arm.key, arm.span);
      checkAnchor(arm.anchor, arm.span);
    }
    for (const Expr& arg : expr.args) {
      check(arg);
    }
  }

 private:
  void checkKey(const std::string& name, const TextSpan& span) {
    if (findSymbol(m_form, RoleInfo::Kind::Key, name) < 0) {
      add(name + " is not in the sequence: " + namesText(m_form, RoleInfo::Kind::Key) + ".", span);
    }
  }

  void checkAnchor(const AnchorRef& anchor, const TextSpan& span) {
    if (anchor.isLiteral()) {
      if (anchor.token < 1 || anchor.token >= m_plan.d_vocab) {
        add(anchor.text() + " is not in the vocabulary 1.." + std::to_string(m_plan.d_vocab - 1) +
                ".",
            span);
      }
    } else if (findSymbol(m_form, RoleInfo::Kind::Anchor, anchor.name) < 0) {
      add(anchor.text() + " is not in the sequence: " + namesText(m_form, RoleInfo::Kind::Anchor) +
              ".",
          span);
    }
  }

  void checkApplied(const Expr& expr) {
    if (expr.anchor.isLiteral()) {
      if (!hasRow(expr.anchor.token)) {
        add(expr.anchor.text() + " has no row in anchors, so there is nothing to apply.",
            expr.span);
      }
      checkArity(expr, expr.anchor.token);
      return;
    }
    const int symbol = findSymbol(m_form, RoleInfo::Kind::Anchor, expr.anchor.name);
    if (symbol < 0) {
      return;
    }
    for (const std::int32_t token : m_form.symbols[at(symbol)].domain.tokens()) {
      if (!hasRow(token)) {
        const std::string name = expr.anchor.name;
        m_errors.add(pointerTo("forms", at(m_form.index), "anchors/" + escaped(name)),
                     name + " may be " + std::to_string(token) +
                         ", which has no row in anchors: add one, or take " +
                         std::to_string(token) + " away.");
      }
      checkArity(expr, token);
    }
  }

  bool hasRow(int token) const {
    return std::any_of(m_plan.spec.anchors.begin(), m_plan.spec.anchors.end(),
                       [&](const AnchorSpec& anchor) { return anchor.token == token; });
  }

  void checkArity(const Expr& expr, int token) {
    const OperationPlan* operation = m_plan.operations.find(token);
    const int n_keys = toInt(expr.args.size());
    if (operation == nullptr || operation->arity <= n_keys || !m_told.insert(token).second) {
      return;
    }
    const auto& anchors = m_plan.spec.anchors;
    const auto row = std::find_if(anchors.begin(), anchors.end(),
                                  [&](const AnchorSpec& anchor) { return anchor.token == token; });
    m_errors.add(pointerTo("anchors", static_cast<std::size_t>(row - anchors.begin()), "operation"),
                 row->operation + " needs " + plural(operation->arity, "key") + ", but " +
                     printExpression(expr) + " gives it " + std::to_string(n_keys) + ".");
  }

  void add(std::string message, const TextSpan& span) {
    m_errors.add(pointerTo("forms", at(m_form.index), "pattern"), std::move(message), span);
  }

  const TaskPlan& m_plan;
  const FormPlan& m_form;
  ErrorList& m_errors;
  std::set<int> m_told;  ///< anchors of which the keys are too few
};

/// Key nodes of the target: what "the key of the answer" could mean.
void findAnswerNode(FormPlan& form) {
  std::vector<int> leaves;
  for (int i = 0; i < toInt(form.target.nodes.size()); ++i) {
    const Node& node = form.target.nodes[at(i)];
    const bool is_selector = node.kind == Expr::Kind::Match || node.kind == Expr::Kind::Nearest;
    if (!is_selector && node.kind != Expr::Kind::Name) {
      continue;
    }
    const bool is_known = std::any_of(leaves.begin(), leaves.end(), [&](int leaf) {
      const Node& other = form.target.nodes[at(leaf)];
      return !is_selector && other.kind == node.kind && other.symbol == node.symbol;
    });
    if (!is_known) {
      leaves.push_back(i);
    }
  }
  form.answer_node = leaves.size() == 1 ? leaves.front() : -1;
}

void findTargetKeys(FormPlan& form) {
  const auto add = [&](int key) {
    if (std::find(form.target_keys.begin(), form.target_keys.end(), key) ==
        form.target_keys.end()) {
      form.target_keys.push_back(key);
    }
  };
  for (const Node& node : form.target.nodes) {
    if (node.kind == Expr::Kind::Name || node.kind == Expr::Kind::Nearest) {
      add(node.symbol);
    }
    for (const Arm& arm : node.arms) {
      add(arm.key);
    }
  }
}

/// Anchors that the answer applies to keys, and labels that select keys.
void findApplications(FormPlan& form) {
  for (int i = 0; i < toInt(form.target.nodes.size()); ++i) {
    const Node& node = form.target.nodes[at(i)];
    if (node.kind == Expr::Kind::Match) {
      for (int arm = 0; arm < toInt(node.arms.size()); ++arm) {
        form.applications.push_back({node.arms[at(arm)].anchor, node.arms[at(arm)].key, i, arm});
      }
    }
    for (std::size_t a = 0; node.kind == Expr::Kind::Apply && a < node.args.size(); ++a) {
      const Node& arg = form.target.nodes[at(node.args[a])];
      if (arg.kind == Expr::Kind::Name) {
        form.applications.push_back({node.anchor, arg.symbol, -1, 0});
      }
      for (int arm = 0; arg.kind == Expr::Kind::Match && arm < toInt(arg.arms.size()); ++arm) {
        form.applications.push_back({node.anchor, arg.arms[at(arm)].key, node.args[a], arm});
      }
    }
  }
}

bool usesStochastic(const TaskPlan& plan, const FormPlan& form) {
  const auto isStochastic = [&](std::int32_t token) {
    const OperationPlan* operation = plan.operations.find(token);
    return operation != nullptr && operation->isStochastic();
  };
  return std::any_of(form.target.nodes.begin(), form.target.nodes.end(), [&](const Node& node) {
    if (node.kind != Expr::Kind::Apply) {
      return false;
    }
    if (node.anchor.symbol < 0) {
      return isStochastic(node.anchor.token);
    }
    const auto& tokens = form.symbols[at(node.anchor.symbol)].domain.tokens();
    return std::any_of(tokens.begin(), tokens.end(), isStochastic);
  });
}

}  // namespace

void readTarget(TaskPlan& plan, FormPlan& form, ErrorList& errors) {
  const std::size_t before = errors.size();
  TargetCheck(plan, form, errors).check(form.pattern.target);
  if (errors.size() != before) {
    return;
  }
  const Names names{
      [&](const std::string& name) {
        return std::optional<int>(findSymbol(form, RoleInfo::Kind::Key, name));
      },
      [&](const AnchorRef& anchor) {
        const int symbol =
            anchor.isLiteral() ? -1 : findSymbol(form, RoleInfo::Kind::Anchor, anchor.name);
        return std::optional<AnchorSlot>(AnchorSlot{symbol, anchor.token});
      }};
  form.target = *buildProgram(form.pattern.target, names);
  findAnswerNode(form);
  findTargetKeys(form);
  findApplications(form);
  form.is_stochastic = usesStochastic(plan, form);
  form.can_fail = std::any_of(form.target.nodes.begin(), form.target.nodes.end(),
                              [](const Node& node) { return node.kind == Expr::Kind::Nearest; });
}

}  // namespace anchorlens::core
