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

Pool poolOf(const TaskPlan& plan, const Cell& cell, std::vector<std::int32_t> combinations,
            std::uint8_t allowed) {
  Pool pool;
  const std::size_t n = combinations.size();
  pool.parts.push_back({static_cast<int>(&cell - plan.cells.data()), 1, std::move(combinations),
                        std::vector<std::uint8_t>(n, allowed)});
  pool.weight = 1;
  return pool;
}

/// Finds on which sides of the rules each combination of a cell has keys.
class SplitFinder {
 public:
  explicit SplitFinder(TaskPlan& plan)
      : m_plan(plan), m_is_met(plan.spec.held_out.size(), false), m_random(1, "splits") {}

  void look(Cell& cell) {
    const Cases cases(m_plan, cell, false);
    const FormPlan& form = m_plan.forms[at(cell.form)];
    cell.can_occur.assign(at(2 * form.combinations.n), 0);
    if (cases.size() > kMostEnumerated) {
      is_exact = false;
      estimate(cell, form);
    } else {
      for (int c = 0; c < form.combinations.n; ++c) {
        cases.forEach(c, [&](const Reading& reading, double) { note(cell, form, reading); });
      }
      n_cases += cases.size();
    }
    if (form.can_overlap && form.combinations.n <= kMostTried) {
      tryOut(cell);
    }
  }

  bool isMet(std::size_t rule) const { return m_is_met[rule]; }

  bool is_exact = true;
  double n_cases = 0;

 private:
  /// Combinations that are tried one by one.
  static constexpr int kMostTried = 256;

  void note(Cell& cell, const FormPlan& form, const Reading& reading) {
    const bool is_held = areKeysHeld(m_plan, form, reading.values.data(), reading.firsts.data());
    if (is_held) {
      for (std::size_t rule = 0; rule < m_is_met.size(); ++rule) {
        m_is_met[rule] = m_is_met[rule] || isHeldBy(m_plan, form, rule, reading);
      }
    }
    cell.can_occur[at(2 * reading.combination + (is_held ? 1 : 0))] = 1;
  }

  /// Too many cases: what turns up for one combination is taken as possible for all.
  void estimate(Cell& cell, const FormPlan& form) {
    std::vector<std::int32_t> all;
    for (int c = 0; c < form.combinations.n; ++c) {
      all.push_back(c);
    }
    const Pool pool = poolOf(m_plan, cell, std::move(all), 3);
    Sampler sampler(m_plan, m_random);
    bool occurs[2] = {false, false};
    for (int i = 0; i < kDraws; ++i) {
      sampler.draw(pool, nullptr);
      Reading reading = sampler.reading();
      std::copy(sampler.placement().firsts, sampler.placement().firsts + form.symbols.size(),
                reading.firsts.begin());
      note(cell, form, reading);
      occurs[sampler.areKeysHeldOut() ? 1 : 0] = true;
    }
    for (std::size_t i = 0; i < cell.can_occur.size(); ++i) {
      cell.can_occur[i] = occurs[i % 2] ? 1 : 0;
    }
  }

  /// A second reading may rule a combination out altogether.
  void tryOut(Cell& cell) {
    Sampler sampler(m_plan, m_random);
    std::vector<std::int32_t> tokens(at(cell.length));
    for (int i = 0; i < toInt(cell.can_occur.size()); ++i) {
      const auto allowed = static_cast<std::uint8_t>(i % 2 == 0 ? 1 : 2);
      if (cell.can_occur[at(i)] != 0 &&
          !sampler.canDraw(poolOf(m_plan, cell, {i / 2}, allowed), tokens.data())) {
        cell.can_occur[at(i)] = 0;
      }
    }
  }

  TaskPlan& m_plan;
  std::vector<bool> m_is_met;
  Random m_random;
};

/// A length that is never trained says nothing about what is.
void gatherCombinations(TaskPlan& plan) {
  for (FormPlan& form : plan.forms) {
    form.has_seen.assign(at(form.combinations.n), 0);
    form.has_held.assign(at(form.combinations.n), 0);
  }
  for (const Cell& cell : plan.cells) {
    FormPlan& form = plan.forms[at(cell.form)];
    for (int c = 0; !cell.is_length_held && c < form.combinations.n; ++c) {
      form.has_seen[at(c)] |= cell.can_occur[at(2 * c)];
      form.has_held[at(c)] |= cell.can_occur[at(2 * c + 1)];
    }
  }
}

/// Whether any cell has something that a rule holds out.
bool hasHeld(const TaskPlan& plan) {
  return std::any_of(plan.cells.begin(), plan.cells.end(), [&](const Cell& cell) {
    const FormPlan& form = plan.forms[at(cell.form)];
    for (int i = 0; i < toInt(cell.can_occur.size()); ++i) {
      const bool is_held = i % 2 == 1 || cell.is_length_held || form.is_held[at(i / 2)] != 0;
      if (is_held && cell.can_occur[at(i)] != 0) {
        return true;
      }
    }
    return false;
  });
}

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
  for (Cell& cell : plan.cells) {
    finder.look(cell);
  }
  gatherCombinations(plan);
  for (std::size_t rule = 0; rule < plan.spec.held_out.size(); ++rule) {
    if (finder.is_exact && !finder.isMet(rule) && isOnKeys(plan.spec.held_out[rule])) {
      errors.add(pointerTo("held_out", rule),
                 "This rule holds nothing out: of " +
                     std::to_string(static_cast<std::int64_t>(finder.n_cases)) +
                     " cases of anchors, keys and places none meets it.");
    }
  }
  if (!finder.is_exact) {
    plan.analysis.notes.push_back(
        "There are too many cases to count: which sequences are held out "
        "was estimated from " +
        std::to_string(kDraws) + " draws.");
  }
  checkTrain(plan, errors);
  if (errors.isEmpty() && !hasHeld(plan)) {
    errors.add("/task/held_out",
               "Nothing is left to test on: no sequence with one answer meets a rule.");
  }
}

}  // namespace anchorlens::core
