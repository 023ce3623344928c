// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/plan.h"

#include <vector>

/// Every value that some keys may take. Private to the task.
namespace anchorlens::core {

/// Largest number of combinations that are tried one by one.
inline constexpr double kMostEnumerated = 1e6;

/// Sets the anchors of a reading to a combination.
inline void setCombination(const FormPlan& form, int combination, Reading& reading) {
  const auto& variables = form.combinations.variables;
  reading.form = form.index;
  reading.combination = combination;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    reading.values[at(variables[i])] = form.combinations.of(combination)[i];
  }
  for (const int literal : form.literals) {
    reading.values[at(literal)] = form.symbols[at(literal)].domain.min();
  }
}

/// The keys of which the answer of a reading's combination is made: of match only the selected one.
std::vector<int> relevantKeys(const FormPlan& form, const Reading& reading);

/// Product of the sizes of some keys' sets.
double countValues(const FormPlan& form, const std::vector<int>& keys,
                   const TokenSet& (*set)(const Symbol&));

/// Calls visit() with every combination of the keys' tokens in `reading`; false from visit stops.
template <typename Visit>
void forEachValue(const FormPlan& form, const std::vector<int>& keys,
                  const TokenSet& (*set)(const Symbol&), Reading& reading, Visit visit) {
  std::vector<std::uint32_t> places(keys.size(), 0);
  for (std::size_t k = 0; k < keys.size(); ++k) {
    reading.values[at(keys[k])] = set(form.symbols[at(keys[k])])[0];
  }
  for (;;) {
    if (!visit()) {
      return;
    }
    std::size_t k = 0;
    for (; k < keys.size(); ++k) {
      const TokenSet& tokens = set(form.symbols[at(keys[k])]);
      places[k] = places[k] + 1 < static_cast<std::uint32_t>(tokens.size()) ? places[k] + 1 : 0;
      reading.values[at(keys[k])] = tokens[places[k]];
      if (places[k] != 0) {
        break;
      }
    }
    if (k == keys.size()) {
      return;
    }
  }
}

inline const TokenSet& domainOf(const Symbol& symbol) {
  return symbol.domain;
}
inline const TokenSet& reachOf(const Symbol& symbol) {
  return symbol.reach;
}

}  // namespace anchorlens::core
