// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/compile.h"

#include <algorithm>
#include <cmath>

namespace anchorlens::core {
namespace {

constexpr std::int64_t kMostOrders = 40320;  // eight blocks

int countOccurrences(const Elements& elements, int symbol) {
  int n = 0;
  for (const Element& element : elements) {
    n += element.kind == Element::Kind::Symbol && element.symbol == symbol ? 1 : 0;
    for (const Elements& block : element.blocks) {
      n += countOccurrences(block, symbol);
    }
  }
  return n;
}

void sortSymbols(const TaskPlan& plan, FormPlan& form) {
  for (int i = 0; i < toInt(form.symbols.size()); ++i) {
    const Symbol& symbol = form.symbols[at(i)];
    if (symbol.is_literal) {
      form.literals.push_back(i);
    } else if (symbol.kind == RoleInfo::Kind::Anchor) {
      form.combinations.variables.push_back(i);
    } else {
      form.keys.push_back(i);
      if (countOccurrences(form.elements, i) > 1) {
        form.cues.push_back(i);
      }
    }
  }
  if (plan.noise.size() <= toInt(form.cues.size())) {
    form.cues.clear();  // no noise would be left
  }
}

/// The orders of the blocks, unless there are too many of them.
void readOrders(FormPlan& form, ErrorList& errors) {
  const std::int64_t orders = countOrders(form.elements);
  if (orders > kMostOrders) {
    errors.add(pointerTo("forms", at(form.index), "pattern"),
               "The blocks have " +
                   (orders >= 1'000'000'000 ? "more than a billion" : std::to_string(orders)) +
                   " orders: at most " + std::to_string(kMostOrders) +
                   " are possible, those of eight blocks.");
    return;
  }
  form.orders = makeOrders(form.elements);
}

void checkWeight(const FormPlan& form, ErrorList& errors) {
  if (!std::isfinite(form.weight) || form.weight <= 0) {
    errors.add(pointerTo("forms", at(form.index), "weight"),
               "A weight is a number above 0; leave the form out if it is not wanted.");
  }
}

/// Names in `keys` that no pattern has.
void checkKeyNames(const TaskPlan& plan, ErrorList& errors) {
  for (const auto& [name, intervals] : plan.spec.keys) {
    const std::string pointer = pointerTo("keys", name);
    checkIntervals(intervals, pointer, "Key " + name, plan.d_vocab, errors);
    const bool is_used = std::any_of(plan.forms.begin(), plan.forms.end(), [&](const auto& form) {
      return std::any_of(form.keys.begin(), form.keys.end(),
                         [&](int key) { return form.symbols[at(key)].text == name; });
    });
    if (!is_used) {
      errors.add(pointer, "No pattern has a key " + name + ".");
    }
  }
}

}  // namespace

void readForms(TaskPlan& plan, ErrorList& errors) {
  plan.roles.push_back({RoleInfo::Kind::Noise, "noise", ""});
  if (plan.spec.forms.empty()) {
    errors.add("/task/forms",
               "There is no form: give one such as {\"pattern\": \"* 3 x * -> x\"}.");
  }
  bool is_parsed = true;
  for (std::size_t i = 0; i < plan.spec.forms.size(); ++i) {
    FormPlan form;
    form.index = toInt(i);
    form.weight = plan.spec.forms[i].weight;
    checkWeight(form, errors);
    auto pattern = parsePattern(plan.spec.forms[i].pattern);
    if (!pattern) {
      errors.add(pointerTo("forms", i, "pattern"), pattern.error());
      is_parsed = false;
    } else {
      form.pattern = std::move(*pattern);
      readSymbols(plan, form, errors);
      sortSymbols(plan, form);
      readOrders(form, errors);
      readTarget(plan, form, errors);
      findJoins(form);
      readCombinations(plan, form, errors);
    }
    plan.forms.push_back(std::move(form));
  }
  if (is_parsed) {
    checkKeyNames(plan, errors);
  }
}

}  // namespace anchorlens::core
