// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/compile.h"

#include <algorithm>
#include <set>

namespace anchorlens::core {
namespace {

constexpr std::int64_t kMostCombinations = 1 << 20;

/// Symbols that must differ from each other.
std::vector<std::pair<int, int>> unequalPairs(const FormPlan& form, const FormSpec& spec) {
  std::vector<std::pair<int, int>> pairs;
  const auto symbolOf = [&](const std::string& name) {
    for (const int variable : form.combinations.variables) {
      if (form.symbols[at(variable)].text == name) {
        return variable;
      }
    }
    return -1;
  };
  for (const auto& group : spec.distinct) {
    for (std::size_t i = 0; i < group.size(); ++i) {
      for (std::size_t k = i + 1; k < group.size(); ++k) {
        const int a = symbolOf(group[i]);
        const int b = symbolOf(group[k]);
        if (a >= 0 && b >= 0 && a != b) {
          pairs.emplace_back(a, b);
        }
      }
    }
  }
  return pairs;
}

/// Lists the combinations, and finds those whose match has no arm or two.
class CombinationReader {
 public:
  CombinationReader(const TaskPlan& plan, FormPlan& form, ErrorList& errors)
      : m_form(form),
        m_errors(errors),
        m_unequal(unequalPairs(form, plan.spec.forms[at(form.index)])) {
    for (int i = 0; i < kMaxSymbols; ++i) {
      m_values[at(i)] = -1 - i;  // keys: all different from each other
    }
  }

  void read(std::int64_t total) {
    auto& combinations = m_form.combinations;
    combinations.index.assign(static_cast<std::size_t>(total), -1);
    for (std::int64_t radix = 0; radix < total; ++radix) {
      if (!setValues(radix)) {
        continue;
      }
      const Status status = matchStatus();
      if (status == Status::Tie && !m_has_reported) {
        reportTwoArms();
      }
      if (status != Status::Ok) {
        m_is_without_arm = true;
        continue;
      }
      combinations.index[static_cast<std::size_t>(radix)] = combinations.n++;
      for (const int variable : combinations.variables) {
        combinations.values.push_back(static_cast<std::int32_t>(m_values[at(variable)]));
      }
    }
    if (!m_has_reported) {
      reportUnused();
    }
  }

 private:
  /// Decodes the mixed radix; false when variables that must differ do not.
  bool setValues(std::int64_t radix) {
    const auto& combinations = m_form.combinations;
    for (std::size_t i = 0; i < combinations.variables.size(); ++i) {
      const auto symbol = at(combinations.variables[i]);
      const TokenSet& domain = m_form.symbols[symbol].domain;
      const auto place =
          static_cast<std::uint32_t>(radix / combinations.strides[i] % domain.size());
      m_values[symbol] = domain[place];
    }
    return std::none_of(m_unequal.begin(), m_unequal.end(), [&](const auto& pair) {
      return m_values[at(pair.first)] == m_values[at(pair.second)];
    });
  }

  /// Tie: two arms with different keys for the same anchor.
  Status matchStatus() {
    for (const Node& node : m_form.target.nodes) {
      int arm = 0;
      if (node.kind == Expr::Kind::Match) {
        const Status status = Operations::select(node, m_values.data(), arm);
        if (status != Status::Ok) {
          m_failed = &node;
          return status;
        }
      }
    }
    return Status::Ok;
  }

  void reportTwoArms() {
    m_has_reported = true;
    const std::int64_t wanted = tokenOf(m_failed->anchor, m_values.data());
    std::vector<std::string> names;
    for (const Arm& arm : m_failed->arms) {
      if (tokenOf(arm.anchor, m_values.data()) == wanted) {
        names.push_back(arm.anchor.symbol < 0 ? std::to_string(arm.anchor.token)
                                              : m_form.symbols[at(arm.anchor.symbol)].text);
      }
    }
    m_errors.add(pointer("pattern"),
                 "The answer is ambiguous: " + listText(names) + " may all be " +
                     std::to_string(wanted) +
                     ", and match would have more than one key. Let them differ (distinct), or "
                     "give them different tokens.",
                 m_form.pattern.target.span);
  }

  /// A token that a variable is allowed and never takes.
  void reportUnused() {
    const auto& combinations = m_form.combinations;
    for (std::size_t i = 0; i < combinations.variables.size(); ++i) {
      std::set<std::int32_t> used;
      for (int c = 0; c < combinations.n; ++c) {
        used.insert(combinations.of(c)[i]);
      }
      const Symbol& symbol = m_form.symbols[at(combinations.variables[i])];
      for (const std::int32_t token : symbol.domain.tokens()) {
        if (!used.contains(token)) {
          m_errors.add(pointer("pattern"), symbol.text + " may be " + std::to_string(token) +
                                               ", but " + reason() + ".");
          return;
        }
      }
    }
  }

  std::string reason() const {
    if (!m_is_without_arm) {
      return "no combination with it is distinct: more tokens are needed";
    }
    std::vector<std::string> labels;
    for (const Arm& arm : m_failed->arms) {
      labels.push_back(arm.anchor.symbol < 0 ? std::to_string(arm.anchor.token)
                                             : m_form.symbols[at(arm.anchor.symbol)].text);
    }
    return "match has no arm for it: its arms are for " + listText(labels);
  }

  std::string pointer(const char* field) const {
    return pointerTo("forms", at(m_form.index), field);
  }

  FormPlan& m_form;
  ErrorList& m_errors;
  std::vector<std::pair<int, int>> m_unequal;
  std::array<std::int64_t, kMaxSymbols> m_values{};
  const Node* m_failed = nullptr;
  bool m_is_without_arm = false;
  bool m_has_reported = false;
};

}  // namespace

void readCombinations(const TaskPlan& plan, FormPlan& form, ErrorList& errors) {
  std::int64_t total = 1;
  auto& combinations = form.combinations;
  for (const int variable : combinations.variables) {
    const int size = form.symbols[at(variable)].domain.size();
    if (size == 0) {
      return;  // reported with the domain
    }
    combinations.strides.push_back(static_cast<std::int32_t>(total));
    total *= size;
    if (total > kMostCombinations) {
      errors.add(pointerTo("forms", at(form.index), "pattern"),
                 "The anchors have more than " + std::to_string(kMostCombinations) +
                     " combinations: allow fewer tokens for some of them.");
      return;
    }
  }
  if (toInt(form.symbols.size()) <= kMaxSymbols) {
    CombinationReader(plan, form, errors).read(total);
  }
}

}  // namespace anchorlens::core
