// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/explain_target.h"

#include "engine/core/language/language.h"
#include "engine/core/task/explain_operation.h"

#include <algorithm>

namespace anchorlens::core {
namespace {

using Kind = Expr::Kind;

/// The language has no negative numbers, only minus in front of one.
Expr numberExpr(std::int64_t value) {
  Expr number;
  number.value = value < 0 ? -value : value;
  if (value >= 0) {
    return number;
  }
  Expr negated;
  negated.kind = Kind::Negate;
  negated.args.push_back(std::move(number));
  return negated;
}

/// Walks down the target and writes a step for everything that is computed.
class TargetExplainer {
 public:
  TargetExplainer(const TaskPlan& plan, const Reading& reading)
      : m_plan(plan),
        m_form(plan.forms[at(reading.form)]),
        m_values(reading.values.data()),
        m_nodes(m_form.target.nodes) {}

  std::vector<std::string> run() {
    const int root = m_form.target.root();
    const std::string text = explain(root);
    const Node& node = m_nodes[at(root)];
    if (node.kind == Kind::Apply) {
      steps.push_back(text);
    } else if (node.kind == Kind::Name) {
      steps.push_back(named(node.symbol));
    } else if (node.kind == Kind::Integer) {
      steps.push_back("the answer is always " + text);
    }
    return std::move(steps);
  }

  std::vector<std::string> steps;

 private:
  std::string nameOf(int symbol) const { return m_form.symbols[at(symbol)].text; }
  /// "x = 46"; a literal is its own value.
  std::string named(int symbol) const {
    return m_form.symbols[at(symbol)].is_literal
               ? nameOf(symbol)
               : nameOf(symbol) + " = " + std::to_string(m_values[symbol]);
  }
  std::string named(const AnchorSlot& slot) const {
    return slot.symbol < 0 ? std::to_string(slot.token) : named(slot.symbol);
  }

  Outcomes outcomesOf(int index) const {
    // Arguments stand before what uses them: the first nodes are a program of their own.
    Program part;
    part.nodes.assign(m_nodes.begin(), m_nodes.begin() + index + 1);
    Outcomes outcomes;
    m_plan.operations.outcomes(part, m_values, outcomes);
    return outcomes;
  }

  /// The value of a node, or for an anchor the chain that leads to it; everything else that had to
  /// be computed has become a step.
  std::string explain(int index) {
    const Node& node = m_nodes[at(index)];
    switch (node.kind) {
      case Kind::Integer:
        return std::to_string(node.value);
      case Kind::Name:
        return std::to_string(m_values[node.symbol]);
      case Kind::Match:
      case Kind::Nearest:
        return explainSelector(node);
      case Kind::Apply:
        return explainApply(index);
      default:
        return explainArithmetic(index);
    }
  }

  std::string explainSelector(const Node& node) {
    int chosen = 0;
    Operations::select(node, m_values, chosen);
    const Arm& arm = node.arms[at(std::max(chosen, 0))];
    if (node.kind == Kind::Match) {
      steps.push_back(named(node.anchor) + " selects " + named(arm.key));
      return std::to_string(m_values[arm.key]);
    }
    steps.push_back(named(node.symbol) + " is nearest to " + named(arm.key) + ": " +
                    named(arm.anchor));
    return std::to_string(tokenOf(arm.anchor, m_values));
  }

  /// An argument as a value: a chain that leads to it becomes a step.
  std::string explainValue(int index) {
    std::string text = explain(index);
    if (m_nodes[at(index)].kind == Kind::Apply) {
      steps.push_back(std::move(text));
      return outcomesText(outcomesOf(index));
    }
    return text;
  }

  std::string explainApply(int index) {
    const Node& node = m_nodes[at(index)];
    std::vector<std::string> texts;
    std::vector<std::int64_t> values;
    for (const int arg : node.args) {
      texts.push_back(node.args.size() == 1 ? explain(arg) : explainValue(arg));
      const Outcomes outcomes = outcomesOf(arg);
      if (outcomes.size() == 1) {
        values.push_back(outcomes.front().value);
      }
    }
    const bool is_certain = values.size() == texts.size();
    values.resize(kArgumentNames.size());
    const std::int64_t token = tokenOf(node.anchor, m_values);
    const auto text = operationOf(m_plan.spec, token);
    const OperationPlan* operation = m_plan.operations.find(token);
    const std::string start = joined(texts) + " -> " + std::to_string(token);
    if (!text || operation == nullptr) {
      return start;
    }
    const std::string same =
        operation->token == token ? "" : " (same as " + std::to_string(operation->token) + ")";
    return start + same + ": " +
           appliedText(*text, *operation, m_plan.operations,
                       is_certain ? values : std::vector<std::int64_t>(), outcomesOf(index));
  }

  std::string explainArithmetic(int index) {
    const std::string value = outcomesText(outcomesOf(index));
    const Expr symbols = expression(index, false);
    const Expr numbers = expression(index, true);
    if (outcomesOf(index).size() > 1) {
      const bool is_root = index == m_form.target.root();
      steps.push_back((is_root ? printExpression(m_form.pattern.target) : "this") + " gives " +
                      value);
      return value;
    }
    const std::string names = m_has_parts ? "" : printExpression(symbols) + " = ";
    steps.push_back(names + printExpression(numbers) + " = " + value);
    return value;
  }

  /// The sums and products of a node, down to what has a value of its own. `is_valued`: with
  /// numbers for the names.
  Expr expression(int index, bool is_valued) {
    const Node& node = m_nodes[at(index)];
    Expr expr;
    expr.kind = node.kind;
    expr.value = node.value;
    switch (node.kind) {
      case Kind::Integer:
        return expr;
      case Kind::Name:
        if (is_valued) {
          return numberExpr(m_values[node.symbol]);
        }
        expr.name = nameOf(node.symbol);
        return expr;
      case Kind::Apply:
      case Kind::Match:
      case Kind::Nearest:
        return expressionOfPart(index, is_valued);
      default:
        break;
    }
    for (const int arg : node.args) {
      expr.args.push_back(expression(arg, is_valued));
    }
    return expr;
  }

  Expr expressionOfPart(int index, bool is_valued) {
    m_has_parts = true;
    if (is_valued) {
      explainValue(index);
    }
    const Outcomes outcomes = outcomesOf(index);
    return numberExpr(outcomes.empty() ? 0 : outcomes.front().value);
  }

  const TaskPlan& m_plan;
  const FormPlan& m_form;
  const std::int64_t* m_values;
  const std::vector<Node>& m_nodes;
  bool m_has_parts = false;
};

}  // namespace

std::vector<std::string> targetSteps(const TaskPlan& plan, const Reading& reading) {
  return TargetExplainer(plan, reading).run();
}

std::string taughtStep(const TaskPlan& plan, const Reading& reading) {
  const FormPlan& form = plan.forms[at(reading.form)];
  const int index = form.relabel[at(reading.combination)];
  if (index < 0) {
    return {};
  }
  std::vector<std::int64_t> args;
  std::vector<std::string> texts;
  for (const int key : form.relabel_keys) {
    const int symbol = key == kAnswerKey ? answerKey(form, reading.values.data()) : key;
    args.push_back(symbol < 0 ? 0 : reading.values[at(symbol)]);
    texts.push_back(std::to_string(args.back()));
  }
  const int n_args = toInt(args.size());
  args.resize(kArgumentNames.size());
  auto text = parseOperation(plan.spec.relabel[at(index)].operation);
  if (text && text->kind == Operation::Kind::Synonym) {
    auto followed = operationOf(plan.spec, text->synonym_of);
    text = followed ? std::move(*followed) : std::move(*text);
  }
  Outcomes results;
  const OperationPlan& operation = plan.relabel[at(index)];
  if (!text || plan.operations.apply(operation, args.data(), n_args, results) != Status::Ok) {
    return {};
  }
  return joined(texts) + " -> " + appliedText(*text, operation, plan.operations, args, results);
}

}  // namespace anchorlens::core
