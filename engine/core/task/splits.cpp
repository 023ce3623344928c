// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/random.h"
#include "engine/core/task/cases.h"
#include "engine/core/task/compile.h"
#include "engine/core/task/key_test.h"
#include "engine/core/task/sampler.h"

#include <algorithm>
#include <variant>

namespace anchorlens::core {
namespace {

constexpr int kDraws = 1 << 18;

/// Finds on which sides of the rules each form's combinations have keys.
class SplitFinder {
 public:
  explicit SplitFinder(TaskPlan& plan) : m_plan(plan), m_is_met(plan.spec.held_out.size(), false) {
    for (FormPlan& form : plan.forms) {
      form.has_seen.assign(at(form.combinations.n), 0);
      form.has_held.assign(at(form.combinations.n), 0);
    }
  }

  void look(const Cell& cell) {
    const Cases cases(m_plan, cell, false);
    FormPlan& form = m_plan.forms[at(cell.form)];
    if (cases.size() > kMostEnumerated) {
      is_exact = false;
      return estimate(cell, form);
    }
    for (int c = 0; c < form.combinations.n; ++c) {
      cases.forEach(c, [&](const Reading& reading, double) { note(cell, form, reading); });
    }
    n_cases += cases.size();
  }

  bool isMet(std::size_t rule) const { return m_is_met[rule]; }

  bool is_exact = true;
  double n_cases = 0;

 private:
  void note(const Cell& cell, FormPlan& form, const Reading& reading) {
    const bool is_held = areKeysHeld(m_plan, form, reading.values.data(), reading.firsts.data());
    if (is_held) {
      for (std::size_t rule = 0; rule < m_is_met.size(); ++rule) {
        m_is_met[rule] = m_is_met[rule] || isHeldBy(m_plan, form, rule, reading);
      }
    }
    // A length that is never trained says nothing about what is.
    if (!cell.is_length_held) {
      (is_held ? form.has_held : form.has_seen)[at(reading.combination)] = 1;
    }
  }

  /// Too many cases: what turns up for one combination is taken as possible for all.
  void estimate(const Cell& cell, FormPlan& form) {
    Random random(1, "splits");
    Pool pool;
    Pool::Part part{static_cast<int>(&cell - m_plan.cells.data()), 1, {}, {}};
    for (int c = 0; c < form.combinations.n; ++c) {
      part.combinations.push_back(c);
      part.allowed.push_back(3);
    }
    pool.parts.push_back(std::move(part));
    pool.weight = 1;
    Sampler sampler(m_plan, random);
    bool has_seen = false;
    bool has_held = false;
    for (int i = 0; i < kDraws; ++i) {
      sampler.draw(pool, nullptr);
      Reading reading = sampler.reading();
      std::copy(sampler.placement().firsts, sampler.placement().firsts + form.symbols.size(),
                reading.firsts.begin());
      note(cell, form, reading);
      (sampler.areKeysHeldOut() ? has_held : has_seen) = true;
    }
    if (!cell.is_length_held) {
      std::fill(form.has_seen.begin(), form.has_seen.end(), has_seen);
      std::fill(form.has_held.begin(), form.has_held.end(), has_held);
    }
  }

  TaskPlan& m_plan;
  std::vector<bool> m_is_met;
};

bool isOnKeys(const HeldOutRule& rule) {
  return !std::holds_alternative<LengthRule>(rule) && !std::holds_alternative<AnchorsRule>(rule);
}

/// A combination whose keys are trained.
bool isTrained(const FormPlan& form, int combination) {
  return form.is_held[at(combination)] == 0 && form.has_seen[at(combination)] != 0;
}

void checkTrain(const TaskPlan& plan, ErrorList& errors) {
  const bool are_lengths_held = std::all_of(plan.cells.begin(), plan.cells.end(),
                                            [](const Cell& cell) { return cell.is_length_held; });
  int n = 0;
  int n_held = 0;
  bool is_trained = false;
  for (const FormPlan& form : plan.forms) {
    for (int c = 0; c < form.combinations.n; ++c) {
      ++n;
      n_held += form.is_held[at(c)];
      is_trained = is_trained || isTrained(form, c);
    }
  }
  if (is_trained) {
    return;
  }
  const bool are_pairs =
      std::all_of(plan.forms.begin(), plan.forms.end(),
                  [](const FormPlan& form) { return form.combinations.variables.size() == 2; });
  const auto combinations = [&](int number) {
    return are_pairs ? plural(number, "pair") : plural(number, "combination") + " of anchors";
  };
  const std::string reason = are_lengths_held ? "every length is held out."
                             : n_held == n    ? "all " + combinations(n) + " are held out."
                             : n_held > 0     ? std::to_string(n_held) + " of " + combinations(n) +
                                                ", and every key of the others, are held out."
                                          : "every key is held out.";
  errors.add("/task/held_out", "Nothing is left to train on: " + reason);
}

}  // namespace

void findSplits(TaskPlan& plan, ErrorList& errors) {
  SplitFinder finder(plan);
  for (const Cell& cell : plan.cells) {
    finder.look(cell);
  }
  bool holds_any = false;
  for (std::size_t rule = 0; rule < plan.spec.held_out.size(); ++rule) {
    const bool is_met = finder.isMet(rule) || !isOnKeys(plan.spec.held_out[rule]);
    holds_any = holds_any || is_met;
    if (!is_met && finder.is_exact) {
      errors.add(pointerTo("held_out", rule),
                 "This rule holds nothing out: of " +
                     std::to_string(static_cast<std::int64_t>(finder.n_cases)) +
                     " cases of anchors, keys and places none meets it.");
    }
  }
  if (!holds_any && !finder.is_exact) {
    errors.add("/task/held_out", "Nothing is held out, so there is nothing to test on: of " +
                                     std::to_string(kDraws) + " draws none meets a rule.");
  }
  if (!finder.is_exact) {
    plan.analysis.notes.push_back(
        "There are too many cases to count: which sequences are held out "
        "was estimated from " +
        std::to_string(kDraws) + " draws.");
  }
  checkTrain(plan, errors);
}

}  // namespace anchorlens::core
