// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/plan.h"

#include <algorithm>
#include <variant>

namespace anchorlens::core {
namespace {

bool isResidueHeld(const ResidueRule& rule, const FormPlan& form, int key, const Reading& reading) {
  const int symbol = key == kAnswerKey ? answerKey(form, reading.values.data()) : key;
  if (symbol < 0) {
    return false;
  }
  const std::int64_t difference = reading.values[at(symbol)] - reading.firsts[at(symbol)];
  const std::int64_t residue = difference % rule.modulus;
  return (residue < 0 ? residue + rule.modulus : residue) == rule.remainder;
}

bool isKeyHeld(const KeysRule& rule, const FormPlan& form, const Reading& reading) {
  const std::int64_t* values = reading.values.data();
  return std::any_of(form.applications.begin(), form.applications.end(), [&](const auto& use) {
    if (tokenOf(use.anchor, values) != rule.anchor) {
      return false;
    }
    int arm = 0;
    if (use.selector >= 0 &&
        (Operations::select(form.target.nodes[at(use.selector)], values, arm) != Status::Ok ||
         arm != use.arm)) {
      return false;
    }
    return std::any_of(rule.intervals.begin(), rule.intervals.end(), [&](const Interval& interval) {
      return values[use.key] >= interval.first && values[use.key] <= interval.last;
    });
  });
}

}  // namespace

const Cell* TaskPlan::cellOf(int form, int length) const {
  const auto found = std::find_if(cells.begin(), cells.end(), [&](const Cell& cell) {
    return cell.form == form && cell.length == length;
  });
  return found == cells.end() ? nullptr : &*found;
}

int combinationOf(const FormPlan& form, const std::int64_t* values) {
  const Combinations& combinations = form.combinations;
  std::size_t radix = 0;
  for (std::size_t i = 0; i < combinations.variables.size(); ++i) {
    const int symbol = combinations.variables[i];
    const int place = form.symbols[at(symbol)].domain.indexOf(values[symbol]);
    if (place < 0) {
      return -1;
    }
    radix += at(place) * at(combinations.strides[i]);
  }
  return combinations.index[radix];
}

int answerKey(const FormPlan& form, const std::int64_t* values) {
  if (form.answer_node < 0) {
    return kAnswerKey;
  }
  const Node& node = form.target.nodes[at(form.answer_node)];
  if (node.kind == Expr::Kind::Name) {
    return node.symbol;
  }
  int arm = 0;
  return Operations::select(node, values, arm) == Status::Ok ? node.arms[at(arm)].key : kAnswerKey;
}

Status answersOf(const TaskPlan& plan, const FormPlan& form, const Reading& reading, bool is_taught,
                 Outcomes& out, std::vector<TableUse>* uses) {
  const std::int64_t* values = reading.values.data();
  const int relabel = is_taught ? form.relabel[at(reading.combination)] : -1;
  if (relabel < 0) {
    return plan.operations.outcomes(form.target, values, out, uses);
  }
  std::int64_t args[kArgumentNames.size()] = {};
  int n_args = 0;
  for (const int key : form.relabel_keys) {
    const int symbol = key == kAnswerKey ? answerKey(form, values) : key;
    if (symbol < 0) {
      return Status::Tie;
    }
    args[n_args++] = values[symbol];
  }
  return plan.operations.apply(plan.relabel[at(relabel)], args, n_args, out, uses);
}

bool isHeldBy(const TaskPlan& plan, const FormPlan& form, std::size_t rule,
              const Reading& reading) {
  const HeldOutRule& spec = plan.spec.held_out[rule];
  const FormRule& here = form.rules[rule];
  if (const auto* length = std::get_if<LengthRule>(&spec)) {
    const auto& lengths = length->lengths;
    return std::find(lengths.begin(), lengths.end(), reading.length) != lengths.end();
  }
  if (!here.applies) {
    return false;
  }
  if (const auto* residue = std::get_if<ResidueRule>(&spec)) {
    return isResidueHeld(*residue, form, here.key, reading);
  }
  if (const auto* keys = std::get_if<KeysRule>(&spec)) {
    return isKeyHeld(*keys, form, reading);
  }
  if (std::holds_alternative<PredicateRule>(spec)) {
    std::int64_t value = 0;
    return plan.operations.value(here.predicate, reading.values.data(), value) == Status::Ok &&
           value == 0;
  }
  return std::all_of(here.anchors.begin(), here.anchors.end(), [&](const auto& anchor) {
    return reading.values[at(anchor.first)] == anchor.second;
  });
}

bool areKeysHeld(const TaskPlan& plan, const FormPlan& form, const Reading& reading) {
  for (std::size_t rule = 0; rule < plan.spec.held_out.size(); ++rule) {
    const HeldOutRule& spec = plan.spec.held_out[rule];
    const bool is_on_keys =
        !std::holds_alternative<LengthRule>(spec) && !std::holds_alternative<AnchorsRule>(spec);
    if (is_on_keys && isHeldBy(plan, form, rule, reading)) {
      return true;
    }
  }
  return false;
}

std::string combinationText(const FormPlan& form, int combination) {
  std::string text;
  const auto& variables = form.combinations.variables;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    text += text.empty() ? "" : " ";
    text += form.symbols[at(variables[i])].text + "=" +
            std::to_string(form.combinations.of(combination)[i]);
  }
  return text;
}

}  // namespace anchorlens::core
