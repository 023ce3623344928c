// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/anchor_values.h"

#include <algorithm>

namespace anchorlens::core {
namespace {

void checkName(const TaskPlan& plan, const std::string& name, int value, const std::string& pointer,
               ErrorList& errors) {
  TokenSet domain;
  bool is_known = false;
  for (const FormPlan& form : plan.forms) {
    for (const int variable : form.combinations.variables) {
      const Symbol& symbol = form.symbols[at(variable)];
      if (symbol.text == name && (!is_known || !domain.contains(value))) {
        domain = symbol.domain;
        is_known = true;
      }
    }
  }
  if (!is_known) {
    errors.add(pointer, "No pattern has an anchor variable " + name + ".");
  } else if (!domain.isEmpty() && !domain.contains(value)) {
    errors.add(pointer, name + " is never " + std::to_string(value) + ": its tokens are " +
                            domain.text() + ".");
  }
}

}  // namespace

std::vector<std::pair<int, int>> anchorValues(const FormPlan& form,
                                              const std::map<std::string, int>& values) {
  std::vector<std::pair<int, int>> found;
  for (const int variable : form.combinations.variables) {
    const auto value = values.find(form.symbols[at(variable)].text);
    if (value != values.end()) {
      found.emplace_back(variable, value->second);
    }
  }
  return found;
}

bool hasAnchors(const FormPlan& form, const std::vector<std::pair<int, int>>& anchors,
                int combination) {
  const auto& variables = form.combinations.variables;
  return std::all_of(anchors.begin(), anchors.end(), [&](const auto& anchor) {
    const auto place = std::find(variables.begin(), variables.end(), anchor.first);
    return form.combinations.of(combination)[place - variables.begin()] == anchor.second;
  });
}

void checkAnchorValues(const TaskPlan& plan, const std::map<std::string, int>& values,
                       const std::string& pointer, ErrorList& errors) {
  const std::size_t before = errors.size();
  for (const auto& [name, value] : values) {
    checkName(plan, name, value, pointer + "/" + escaped(name), errors);
  }
  const bool is_drawn = std::any_of(plan.forms.begin(), plan.forms.end(), [&](const auto& form) {
    const auto anchors = anchorValues(form, values);
    // A form with an error has no combinations; that is reported with it.
    bool is_found = form.combinations.n == 0;
    for (int c = 0; !is_found && anchors.size() == values.size() && c < form.combinations.n; ++c) {
      is_found = hasAnchors(form, anchors, c);
    }
    return is_found;
  });
  if (!is_drawn && errors.size() == before) {
    errors.add(pointer, "No sequence has this combination of anchors.");
  }
}

}  // namespace anchorlens::core
