// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/random.h"
#include "engine/core/task/compile.h"
#include "engine/core/task/enumerate.h"
#include "engine/core/task/matcher.h"

#include <algorithm>
#include <optional>
#include <set>

namespace anchorlens::core {
namespace {

constexpr int kSamples = 64;
constexpr int kTries = 200;

/// Draws sequences of one cell that say as little as possible by chance: all tokens differ.
class PlainSequences {
 public:
  PlainSequences(const TaskPlan& plan, const Cell& cell)
      : m_plan(plan), m_cell(cell), m_form(plan.forms[at(cell.form)]), m_random(1, "determined") {
    for (const FormPlan& form : plan.forms) {
      for (const Symbol& symbol : form.symbols) {
        if (symbol.kind == RoleInfo::Kind::Anchor) {
          const auto& domain = symbol.domain.tokens();
          m_anchors.insert(domain.begin(), domain.end());
        }
      }
    }
  }

  /// False when there are too few tokens to keep them apart.
  bool draw(bool is_plain) {
    const Placement placement = m_cell.placements.draw(m_random, m_scratch);
    const int combination = static_cast<int>(
        m_random.below(static_cast<std::uint32_t>(std::max(1, m_form.combinations.n))));
    setCombination(m_form, combination, reading);
    reading.length = m_cell.length;
    std::set<std::int32_t> taken = m_anchors;
    std::copy(placement.firsts, placement.firsts + m_form.symbols.size(), reading.firsts.begin());
    for (const int key : m_form.keys) {
      const Symbol& symbol = m_form.symbols[at(key)];
      const int shift = symbol.is_shifted ? reading.firsts[at(key)] : 0;
      if (!choose(symbol.domain, shift, is_plain, taken, reading.values[at(key)])) {
        return false;
      }
    }
    return fill(placement, is_plain, taken);
  }

  std::vector<std::int32_t> tokens;
  Reading reading;

 private:
  bool choose(const TokenSet& from, int shift, bool is_plain, std::set<std::int32_t>& taken,
              std::int64_t& to) {
    for (int i = 0; i < kTries; ++i) {
      const std::int32_t token =
          from[m_random.below(static_cast<std::uint32_t>(from.size()))] + shift;
      if (!is_plain || taken.insert(token).second) {
        to = token;
        return true;
      }
    }
    return false;
  }

  bool fill(const Placement& placement, bool is_plain, std::set<std::int32_t>& taken) {
    tokens.assign(at(m_cell.length), 0);
    for (std::size_t i = 0; i < m_form.occurrences.size(); ++i) {
      tokens[placement.positions[i]] =
          static_cast<std::int32_t>(reading.values[at(m_form.occurrences[i])]);
    }
    const std::set<std::int32_t> symbols = taken;
    for (std::int32_t& token : tokens) {
      std::int64_t noise = 0;
      if (token != 0) {
        continue;
      }
      if (!choose(m_plan.noise, 0, is_plain, taken, noise)) {
        taken = symbols;  // more noise than tokens: noise may repeat, if nothing else
        if (!choose(m_plan.noise, 0, is_plain, taken, noise)) {
          return false;
        }
      }
      token = static_cast<std::int32_t>(noise);
    }
    return true;
  }

  const TaskPlan& m_plan;
  const Cell& m_cell;
  const FormPlan& m_form;
  Random m_random;
  Placements::Scratch m_scratch;
  std::set<std::int32_t> m_anchors;
};

std::string tokensText(const std::vector<std::int32_t>& tokens) {
  std::string text;
  for (std::size_t i = 0; i < tokens.size() && i < 24; ++i) {
    text += (i == 0 ? "" : " ") + std::to_string(tokens[i]);
  }
  return tokens.size() > 24 ? text + " ..." : text;
}

std::string readingText(const TaskPlan& plan, const Reading& reading) {
  const FormPlan& form = plan.forms[at(reading.form)];
  std::vector<std::string> parts;
  for (const int key : form.target_keys) {
    parts.push_back(form.symbols[at(key)].text + " = " + std::to_string(reading.values[at(key)]));
  }
  const std::string anchors = combinationText(form, reading.combination);
  if (!anchors.empty()) {
    parts.push_back(anchors);
  }
  const std::string what = parts.empty() ? "another answer" : listText(parts);
  return plan.forms.size() > 1 ? "form " + std::to_string(reading.form) + ", " + what : what;
}

/// Whether the answer and the split of a form's sequences follow from their tokens.
class DeterminedCheck {
 public:
  DeterminedCheck(const TaskPlan& plan, ErrorList& errors) : m_plan(plan), m_errors(errors) {}

  void check(const Cell& cell) {
    const FormPlan& form = m_plan.forms[at(cell.form)];
    if (!form.can_overlap && !form.can_fail) {
      return;
    }
    if (form.can_overlap && hasPlainRival(cell)) {
      return;
    }
    PlainSequences sequences(m_plan, cell);
    constexpr int kDraws = 1000;
    int n_good = 0;
    int n_ties = 0;
    for (int i = 0; i < kDraws && n_good < kDraws / 100; ++i) {
      sequences.draw(false);
      n_good += isDetermined(m_plan, sequences.tokens) ? 1 : 0;
      n_ties += verdictOf(m_plan, sequences.reading).status == Status::Ok ? 0 : 1;
    }
    if (n_good < kDraws / 100) {
      report(form, "Of " + std::to_string(kDraws) + " sequences of length " +
                       std::to_string(cell.length) + " only " + std::to_string(n_good) +
                       " have one answer: " +
                       (2 * n_ties > kDraws ? "in the others several are equally near. Give the "
                                              "keys more tokens."
                                            : "the others can be read with a second one. Let "
                                              "noise, keys and anchors share fewer tokens."));
    }
  }

 private:
  /// Most sequences without coincidences can be read in another way: an error is reported.
  bool hasPlainRival(const Cell& cell) {
    PlainSequences sequences(m_plan, cell);
    int n_drawn = 0;
    int n_answers = 0;
    int n_combinations = 0;
    std::string example;
    std::string combinations;
    std::vector<int> n_rules(m_plan.spec.held_out.size(), 0);
    for (int i = 0; i < kSamples; ++i) {
      if (!sequences.draw(true)) {
        continue;
      }
      const Verdict own = verdictOf(m_plan, sequences.reading);
      if (own.status != Status::Ok) {
        continue;
      }
      ++n_drawn;
      const auto rival = findRival(sequences, own);
      if (rival) {
        ++n_answers;
        example = tokensText(sequences.tokens) + " can be read with " +
                  readingText(m_plan, sequences.reading) + " and with " +
                  readingText(m_plan, *rival);
      }
      if (!m_other_combination.empty()) {
        ++n_combinations;
        const std::string own_anchors =
            combinationText(m_plan.forms[at(cell.form)], sequences.reading.combination);
        combinations =
            tokensText(sequences.tokens) + " can be read as " +
            (m_other_combination.starts_with("form") ? "form " + std::to_string(cell.form)
                                                     : own_anchors) +
            " and as " + m_other_combination;
      }
      for (const std::size_t rule : m_disputed) {
        ++n_rules[rule];
      }
    }
    const FormPlan& form = m_plan.forms[at(cell.form)];
    if (n_drawn > 0 && 2 * n_answers >= n_drawn) {
      report(form, "The answer does not follow from the sequence: " + example + ".");
      return true;
    }
    if (n_drawn > 0 && 2 * n_combinations >= n_drawn) {
      report(form, "Which anchor or form it is does not follow from the sequence: " + combinations +
                       ". Give the anchors different tokens, or a fixed order.");
      return true;
    }
    return reportRules(n_rules, n_drawn);
  }

  bool reportRules(const std::vector<int>& n_rules, int n_drawn) {
    for (std::size_t rule = 0; rule < n_rules.size(); ++rule) {
      if (n_drawn > 0 && 2 * n_rules[rule] >= n_drawn) {
        m_errors.add(pointerTo("held_out", rule),
                     "The sequence does not say which tokens this rule is about: noise can be read "
                     "as its key. Let an anchor point at the key, or choose another key.");
        return true;
      }
    }
    return false;
  }

  /// Another reading with another answer; m_disputed: rules on which readings disagree.
  std::optional<Reading> findRival(const PlainSequences& sequences, const Verdict& own) {
    std::optional<Reading> rival;
    std::set<std::size_t> disputed;
    m_other_combination.clear();
    for (const FormPlan& form : m_plan.forms) {
      forEachMatch(m_plan, form, sequences.tokens, [&](const Match& match) {
        Verdict verdict = verdictOf(m_plan, match.reading);
        for (std::size_t rule = 0; rule < m_plan.spec.held_out.size(); ++rule) {
          if (isHeldBy(m_plan, form, rule, match.reading) !=
              isHeldBy(m_plan, m_plan.forms[at(sequences.reading.form)], rule, sequences.reading)) {
            disputed.insert(rule);
          }
        }
        if (match.reading.form != sequences.reading.form) {
          m_other_combination = "form " + std::to_string(match.reading.form);
        } else if (match.reading.combination != sequences.reading.combination) {
          m_other_combination = combinationText(form, match.reading.combination);
        }
        verdict.group = own.group;
        if (!rival && !agree(own, verdict)) {
          rival = match.reading;
        }
        return !rival;
      });
    }
    m_disputed.assign(disputed.begin(), disputed.end());
    return rival;
  }

  void report(const FormPlan& form, std::string message) {
    m_errors.add(pointerTo("forms", at(form.index), "pattern"), std::move(message),
                 form.pattern.target.span);
  }

  const TaskPlan& m_plan;
  ErrorList& m_errors;
  std::vector<std::size_t> m_disputed;
  std::string m_other_combination;
};

}  // namespace

void checkDetermined(const TaskPlan& plan, ErrorList& errors) {
  DeterminedCheck check(plan, errors);
  const std::size_t before = errors.size();
  int failed = -1;
  for (const Cell& cell : plan.cells) {
    if (cell.form == failed) {
      continue;  // one error a form, not one a length
    }
    check.check(cell);
    failed = errors.size() > before ? cell.form : -1;
  }
}

}  // namespace anchorlens::core
