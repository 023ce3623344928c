// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/random.h"
#include "engine/core/task/cases.h"
#include "engine/core/task/compile.h"
#include "engine/core/task/key_test.h"
#include "engine/core/task/sampler.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <set>

namespace anchorlens::core {
namespace {

constexpr int kDraws = 1 << 17;
constexpr int kCheckedDraws = 1 << 13;  ///< where every draw is looked at for a second answer

/// Sums over all sequences, by counting or by drawing.
class Tally {
 public:
  explicit Tally(const TaskPlan& plan) : m_plan(plan), m_answers(at(plan.d_vocab), 0.0) {
    for (const OperationPlan& operation : plan.operations.plans) {
      m_has_tables = m_has_tables || operation.kind == Operation::Kind::Table;
    }
  }

  bool hasTables() const { return m_has_tables; }

  /// First pass where there are tables: what training asks them.
  void learn(const Reading& reading, int group) {
    if (isSeen(group)) {
      std::vector<TableUse> uses;
      Outcomes outcomes;
      answersOf(m_plan, formOf(reading), reading, true, outcomes, &uses);
      m_taught.insert(uses.begin(), uses.end());
    }
  }

  void add(const Reading& reading, int group, double p) {
    if (addCertain(reading, group, p)) {
      return;
    }
    std::vector<TableUse> uses;
    Outcomes outcomes;
    answersOf(m_plan, formOf(reading), reading, false, outcomes, m_has_tables ? &uses : nullptr);
    for (const Outcome& outcome : outcomes) {
      m_answers[static_cast<std::size_t>(outcome.value)] += p * outcome.p;
    }
    if (isSeen(group)) {
      answersOf(m_plan, formOf(reading), reading, true, outcomes);
      m_train += p;
      m_train_best += p * outcomes.front().p;
    } else if (m_plan.groups[at(group)].kind == GroupInfo::Kind::HeldOutKeys) {
      const bool is_guess = std::any_of(
          uses.begin(), uses.end(), [&](const TableUse& use) { return !m_taught.contains(use); });
      m_guessed += is_guess ? p : 0;
      m_test += p;
      m_test_best += p * (is_guess ? 1.0 / m_plan.noise.size() : outcomes.front().p);
    }
  }

  void report(TaskAnalysis& analysis) const {
    analysis.chance = *std::max_element(m_answers.begin(), m_answers.end());
    analysis.train_share = m_train;
    analysis.ceiling_train = m_train > 0 ? m_train_best / m_train : 1;
    analysis.ceiling_test = m_test > 0 ? m_test_best / m_test : 1;
  }
  double guessedShare() const { return m_test > 0 ? m_guessed / m_test : 0; }

 private:
  /// One answer, the same in training: nearly always, and without the cost of distributions.
  bool addCertain(const Reading& reading, int group, double p) {
    const FormPlan& form = formOf(reading);
    std::int64_t answer = 0;
    if (m_has_tables || form.is_stochastic || form.relabel[at(reading.combination)] >= 0 ||
        m_plan.operations.value(form.target, reading.values.data(), answer) != Status::Ok) {
      return false;
    }
    m_answers[static_cast<std::size_t>(answer)] += p;
    if (isSeen(group)) {
      m_train += p;
      m_train_best += p;
    } else if (m_plan.groups[at(group)].kind == GroupInfo::Kind::HeldOutKeys) {
      m_test += p;
      m_test_best += p;
    }
    return true;
  }

  bool isSeen(int group) const { return m_plan.groups[at(group)].kind == GroupInfo::Kind::Seen; }
  const FormPlan& formOf(const Reading& reading) const { return m_plan.forms[at(reading.form)]; }

  const TaskPlan& m_plan;
  bool m_has_tables = false;
  std::vector<double> m_answers;
  std::set<TableUse> m_taught;
  double m_train = 0;
  double m_train_best = 0;
  double m_test = 0;
  double m_test_best = 0;
  double m_guessed = 0;
};

using Visit = std::function<void(const Reading&, int group, double p)>;

bool canCount(const TaskPlan& plan) {
  double total = 0;
  for (const Cell& cell : plan.cells) {
    const FormPlan& form = plan.forms[at(cell.form)];
    if (form.can_overlap || form.can_fail) {
      return false;
    }
    total += Cases(plan, cell, true).size();
  }
  return total <= kMostEnumerated;
}

void countAll(const TaskPlan& plan, const Visit& visit) {
  for (const Cell& cell : plan.cells) {
    const FormPlan& form = plan.forms[at(cell.form)];
    const Cases cases(plan, cell, true);
    for (int c = 0; c < form.combinations.n; ++c) {
      cases.forEach(c, [&](const Reading& reading, double p) {
        const bool is_held = areKeysHeld(plan, form, reading.values.data(), reading.firsts.data());
        visit(reading, cell.groups[at(2 * c + (is_held ? 1 : 0))],
              p * cell.weight / form.combinations.n);
      });
    }
  }
}

int drawAll(const TaskPlan& plan, const Visit& visit) {
  const bool is_checked = std::any_of(plan.forms.begin(), plan.forms.end(),
                                      [](const FormPlan& form) { return form.can_overlap; });
  const int n = is_checked ? kCheckedDraws : kDraws;
  Random random(1, "analysis");
  Sampler sampler(plan, random);
  std::vector<std::int32_t> tokens(at(plan.seq_len));
  for (int i = 0; i < n; ++i) {
    sampler.draw(plan.everything, is_checked ? tokens.data() : nullptr);
    const Reading& reading = sampler.reading();
    const int is_held = sampler.areKeysHeldOut() ? 1 : 0;
    const int group = sampler.cell().groups[at(2 * reading.combination + is_held)];
    if (group >= 0) {
      visit(reading, group, 1.0 / n);
    }
  }
  return n;
}

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %%", 100 * share);
  return text;
}

std::string listed(const std::vector<std::string>& names) {
  if (names.size() <= 4) {
    return listText(names);
  }
  return names[0] + ", " + names[1] + ", " + names[2] + " and " + std::to_string(names.size() - 3) +
         " more";
}

void noteGroups(const TaskPlan& plan, std::vector<std::string>& notes) {
  std::vector<std::string> never;
  std::vector<std::string> relabelled;
  for (const FormPlan& form : plan.forms) {
    for (int c = 0; c < form.combinations.n; ++c) {
      if (form.is_held[at(c)] != 0 || form.has_seen[at(c)] == 0) {
        never.push_back(combinationText(form, c));
      } else if (form.relabel[at(c)] >= 0) {
        relabelled.push_back(combinationText(form, c) + " (" +
                             plan.spec.relabel[at(form.relabel[at(c)])].operation + ")");
      }
    }
  }
  if (!never.empty()) {
    notes.push_back("Never trained, and reported apart from the test accuracy: " + listed(never) +
                    ".");
  }
  if (!relabelled.empty()) {
    notes.push_back(
        "Trained with another operation, but tested by the true one and reported apart "
        "from the test accuracy: " +
        listed(relabelled) + ".");
  }
}

void noteForms(const TaskPlan& plan, std::vector<std::string>& notes) {
  for (const FormPlan& form : plan.forms) {
    const std::string name =
        plan.forms.size() > 1 ? "Form " + std::to_string(form.index) + ": " : "";
    if (form.can_overlap) {
      notes.push_back(name +
                      "Some sequences could be read with a second answer: noise and keys are "
                      "drawn again until there is one.");
    }
    const auto all = static_cast<int>(form.combinations.index.size());
    if (form.combinations.n < all) {
      notes.push_back(name + std::to_string(form.combinations.n) + " of " + std::to_string(all) +
                      " combinations of anchors are drawn: the others are not distinct or have no "
                      "answer.");
    }
    int n_lengths = 0;
    for (const Cell& cell : plan.cells) {
      n_lengths += cell.form == form.index ? 1 : 0;
    }
    if (n_lengths < toInt(plan.spec.seq_len.size())) {
      notes.push_back(name + "Only " + std::to_string(n_lengths) + " of " +
                      plural(toInt(plan.spec.seq_len.size()), "length") + " fit the pattern.");
    }
  }
}

void noteCeilings(const TaskAnalysis& analysis, double guessed, std::vector<std::string>& notes) {
  const auto note = [&](double ceiling, const char* split) {
    if (ceiling < 1 - 1e-9) {
      notes.push_back("The best possible accuracy on the " + std::string(split) + " split is " +
                      percent(ceiling) + ": answers are drawn at random.");
    }
  };
  note(analysis.ceiling_train, "training");
  if (guessed > 0) {
    notes.push_back("The best possible accuracy on the test split is " +
                    percent(analysis.ceiling_test) + ": " + percent(guessed) +
                    " of its answers stand in a table where training never looks.");
  } else if (analysis.has_test) {
    note(analysis.ceiling_test, "test");
  }
}

}  // namespace

void analyse(TaskPlan& plan) {
  TaskAnalysis& analysis = plan.analysis;
  analysis.has_test = std::any_of(
      plan.groups.begin(), plan.groups.end(),
      [](const GroupInfo& group) { return group.kind == GroupInfo::Kind::HeldOutKeys; });
  const bool is_counted = canCount(plan);
  int n_drawn = 0;
  Tally tally(plan);
  const auto pass = [&](const Visit& visit) {
    is_counted ? countAll(plan, visit) : void(n_drawn = drawAll(plan, visit));
  };
  if (tally.hasTables()) {
    pass([&](const Reading& reading, int group, double) { tally.learn(reading, group); });
  }
  pass([&](const Reading& reading, int group, double p) { tally.add(reading, group, p); });
  tally.report(analysis);
  if (!is_counted) {
    analysis.notes.push_back("Chance, ceilings and the share of training are estimated from " +
                             std::to_string(n_drawn) + " draws.");
  }
  if (!analysis.range_is_exact) {
    analysis.notes.push_back(
        "The range of answers is a safe bound: there are more than 1,000,000 "
        "combinations of anchors and keys.");
  }
  noteCeilings(analysis, tally.guessedShare(), analysis.notes);
  noteGroups(plan, analysis.notes);
  noteForms(plan, analysis.notes);
}

}  // namespace anchorlens::core
