// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/anchor_values.h"
#include "engine/core/task/compile.h"

#include <algorithm>

namespace anchorlens::core {
namespace {

/// What `same as` stands for is the other anchor's operation.
std::optional<OperationPlan> relabelOperation(const TaskPlan& plan, const Operation& operation,
                                              const std::string& pointer, ErrorList& errors) {
  if (operation.kind != Operation::Kind::Synonym) {
    // Tables of relabelled combinations are told apart from every anchor's by token 0.
    return readOperation(operation, 0);
  }
  if (const OperationPlan* other = plan.operations.find(operation.synonym_of)) {
    return *other;
  }
  errors.add(pointer, std::to_string(operation.synonym_of) + " has no row in anchors.");
  return std::nullopt;
}

void relabelForm(TaskPlan& plan, FormPlan& form, std::size_t index, ErrorList& errors) {
  const RelabelSpec& spec = plan.spec.relabel[index];
  const std::string pointer = pointerTo("relabel", index);
  const auto anchors = anchorValues(form, spec.values);
  if (anchors.size() != spec.values.size()) {
    return;
  }
  int n_held = 0;
  int n_found = 0;
  for (int c = 0; c < form.combinations.n; ++c) {
    if (!hasAnchors(form, anchors, c)) {
      continue;
    }
    if (form.relabel[at(c)] >= 0) {
      errors.add(pointer + "/values", combinationText(form, c) +
                                          " is relabelled twice, here and by " +
                                          pointerTo("relabel", at(form.relabel[at(c)])) + ".");
      return;
    }
    form.relabel[at(c)] = static_cast<std::int16_t>(index);
    ++n_found;
    n_held += form.is_held[at(c)];
  }
  if (n_found > 0 && n_held == n_found) {
    errors.add(
        pointer + "/values",
        "This combination is held out, so it is never trained: relabelling it does nothing.");
  }
  const int arity = plan.relabel[index].arity;
  if (n_found > 0 && arity > toInt(form.relabel_keys.size())) {
    errors.add(pointer + "/operation", spec.operation + " needs " + plural(arity, "key") +
                                           ", but the answer uses " +
                                           std::to_string(form.relabel_keys.size()) + ".");
  }
}

/// The key that match selects; else the keys in the order of the answer.
std::vector<int> relabelKeys(const FormPlan& form) {
  const bool is_match =
      form.answer_node >= 0 && form.target.nodes[at(form.answer_node)].kind == Expr::Kind::Match;
  if (is_match) {
    return {kAnswerKey};
  }
  std::vector<int> keys = form.target_keys;
  keys.resize(std::min(keys.size(), kArgumentNames.size()));
  return keys;
}

}  // namespace

void readRelabel(TaskPlan& plan, ErrorList& errors) {
  for (FormPlan& form : plan.forms) {
    form.relabel.assign(at(form.combinations.n), -1);
    form.relabel_keys = relabelKeys(form);
  }
  for (std::size_t i = 0; i < plan.spec.relabel.size(); ++i) {
    const RelabelSpec& spec = plan.spec.relabel[i];
    const std::string pointer = pointerTo("relabel", i);
    plan.relabel.emplace_back();
    if (spec.values.empty()) {
      errors.add(pointer + "/values",
                 "This names no anchor: give values such as {\"A\": 3, \"B\": 4}.");
    } else {
      checkAnchorValues(plan, spec.values, pointer + "/values", errors);
    }
    const auto operation = parseOperation(spec.operation);
    if (!operation) {
      errors.add(pointer + "/operation", operation.error());
      continue;
    }
    auto read = relabelOperation(plan, *operation, pointer + "/operation", errors);
    if (!read) {
      continue;
    }
    plan.relabel[i] = std::move(*read);
    for (FormPlan& form : plan.forms) {
      if (!spec.values.empty()) {
        relabelForm(plan, form, i, errors);
      }
    }
  }
}

}  // namespace anchorlens::core
