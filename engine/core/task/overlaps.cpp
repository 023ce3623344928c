// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/compile.h"

#include <vector>

namespace anchorlens::core {
namespace {

/// Pairs of orders that are looked at; with more, an overlap is taken as possible.
constexpr std::size_t kMostPairs = 4096;

/// One token of an order: a symbol, noise, or any number of noise tokens.
struct Step {
  int symbol = -1;  ///< -1: noise
  bool is_star = false;
};

std::vector<Step> stepsOf(const FormPlan& form, const Order& order) {
  std::vector<Step> steps;
  for (std::size_t i = 0; i < order.runs.size(); ++i) {
    steps.insert(steps.end(), at(order.runs[i].min), Step{});
    if (order.runs[i].is_open) {
      steps.push_back({-1, true});
    }
    if (i < order.occurrences.size()) {
      steps.push_back({form.occurrences[at(order.occurrences[i])], false});
    }
  }
  return steps;
}

/// Whether one sequence of tokens can be read in two ways: as `a` of one form and `b` of another,
/// or in two different placements of the same form. Looks at sets of tokens only, so it may say yes
/// where repeated keys would say no: then drawing checks more than it must.
class OverlapSearch {
 public:
  OverlapSearch(const TaskPlan& plan, const FormPlan& a, const FormPlan& b)
      : m_plan(plan), m_a(a), m_b(b) {}

  bool find(const Order& a, const Order& b) {
    m_steps_a = stepsOf(m_a, a);
    m_steps_b = stepsOf(m_b, b);
    m_visited.assign(2 * (m_steps_a.size() + 1) * (m_steps_b.size() + 1), false);
    return reaches(0, 0, &m_a != &m_b);
  }

 private:
  bool reaches(std::size_t i, std::size_t k, bool differs) {
    const std::size_t state = (i * (m_steps_b.size() + 1) + k) * 2 + (differs ? 1 : 0);
    if (m_visited[state]) {
      return false;
    }
    m_visited[state] = true;
    const bool is_end_a = i == m_steps_a.size();
    const bool is_end_b = k == m_steps_b.size();
    if (is_end_a && is_end_b) {
      return differs;
    }
    const bool is_star_a = !is_end_a && m_steps_a[i].is_star;
    const bool is_star_b = !is_end_b && m_steps_b[k].is_star;
    if ((is_star_a && reaches(i + 1, k, differs)) || (is_star_b && reaches(i, k + 1, differs))) {
      return true;
    }
    if (is_end_a || is_end_b || !meet(m_steps_a[i].symbol, m_steps_b[k].symbol)) {
      return false;
    }
    return reaches(is_star_a ? i : i + 1, is_star_b ? k : k + 1,
                   differs || m_steps_a[i].symbol != m_steps_b[k].symbol);
  }

  bool meet(int a, int b) const {
    const TokenSet& tokens_a = a < 0 ? m_plan.noise : m_a.symbols[at(a)].reach;
    const TokenSet& tokens_b = b < 0 ? m_plan.noise : m_b.symbols[at(b)].reach;
    return tokens_a.meets(tokens_b);
  }

  const TaskPlan& m_plan;
  const FormPlan& m_a;
  const FormPlan& m_b;
  std::vector<Step> m_steps_a;
  std::vector<Step> m_steps_b;
  std::vector<bool> m_visited;
};

bool mayOverlap(const TaskPlan& plan, const FormPlan& a, const FormPlan& b) {
  if (a.orders.size() * b.orders.size() > kMostPairs) {
    return true;
  }
  OverlapSearch search(plan, a, b);
  for (const Order& order_a : a.orders) {
    for (const Order& order_b : b.orders) {
      if (search.find(order_a, order_b)) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

void markOverlaps(TaskPlan& plan) {
  for (std::size_t i = 0; i < plan.forms.size(); ++i) {
    for (std::size_t k = i; k < plan.forms.size(); ++k) {
      if (mayOverlap(plan, plan.forms[i], plan.forms[k])) {
        plan.forms[i].can_overlap = true;
        plan.forms[k].can_overlap = true;
      }
    }
  }
}

}  // namespace anchorlens::core
