// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/repair/candidates.h"
#include "engine/core/repair/text_repairs.h"

#include <algorithm>
#include <set>
#include <utility>

namespace anchorlens::core {
namespace {

std::vector<std::string> allKeys(const TaskSpec& task) {
  std::vector<std::string> names;
  for (const FormSpec& form : task.forms) {
    for (std::string& name : keysOf(form.pattern)) {
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        names.push_back(std::move(name));
      }
    }
  }
  return names;
}

/// Something to hold out, in place of all rules.
void proposeResidue(Candidates& candidates) {
  candidates.add("Hold out 1 in 8 keys",
                 [](ExperimentSpec& next) { next.task.held_out = {ResidueRule{"answer"}}; });
  for (const std::string& key : allKeys(candidates.task())) {
    candidates.add("Hold out 1 in 8 of " + key,
                   [&](ExperimentSpec& next) { next.task.held_out = {ResidueRule{key}}; });
  }
}

/// The last rule can't go without another.
void addRemoval(Candidates& candidates, std::size_t rule) {
  if (candidates.task().held_out.size() == 1) {
    proposeResidue(candidates);
    return;
  }
  candidates.add("Remove rule " + std::to_string(rule + 1),
                 [&](ExperimentSpec& next) { eraseAt(next.task.held_out, rule); });
}

/// Nothing is left to train on, or to test on.
void proposeLeft(Candidates& candidates) {
  const std::size_t n = candidates.task().held_out.size();
  for (std::size_t i = n; n > 1 && i-- > 0;) {
    addRemoval(candidates, i);
  }
  proposeResidue(candidates);
}

/// Proposals for the fields of one rule.
class RuleProposals {
 public:
  RuleProposals(Candidates& candidates, std::size_t index)
      : m_candidates(candidates), m_index(index) {}

  void operator()(const ResidueRule& rule) {
    const std::string field = m_candidates.step(3);
    if (field == "key" || field.empty()) {
      std::vector<std::string> keys = allKeys(m_candidates.task());
      keys.insert(keys.begin(), "answer");
      for (const std::string& key : keys) {
        set<ResidueRule>("Key " + key, [&](ResidueRule& next) { next.key = key; });
      }
    } else if (field == "modulus") {
      set<ResidueRule>("Modulus 8", [](ResidueRule& next) {
        next.modulus = 8;
        next.remainder %= 8;
      });
    } else if (field == "remainder") {
      set<ResidueRule>("Remainder 0", [](ResidueRule& next) { next.remainder = 0; });
      if (rule.remainder > 0) {
        set<ResidueRule>("Modulus " + std::to_string(rule.remainder + 1),
                         [](ResidueRule& next) { next.modulus = next.remainder + 1; });
      }
    } else if (field == "of") {
      if (const auto reach = m_candidates.numberAfter(" = ")) {
        addVocabulary(m_candidates, *reach);
      }
      set<ResidueRule>("Residue of the key",
                       [](ResidueRule& next) { next.of = ResidueRule::Of::Key; });
    }
  }

  void operator()(const KeysRule& rule) {
    if (m_candidates.step(3) == "anchor") {
      for (const AnchorSpec& anchor : m_candidates.task().anchors) {
        set<KeysRule>("Anchor " + std::to_string(anchor.token),
                      [&](KeysRule& next) { next.anchor = anchor.token; });
      }
    } else if (const auto first = m_candidates.numberAfter("its keys are ")) {
      const int start = static_cast<int>(*first);
      set<KeysRule>("Keys " + std::to_string(start) + " to " + std::to_string(start + 7),
                    [&](KeysRule& next) {
                      next.intervals = {{start, start + 7}};
                    });
    } else if (rule.intervals.empty()) {
      set<KeysRule>("Keys 20 to 27", [](KeysRule& next) { next.intervals = {{20, 27}}; });
    }
  }

  void operator()(const PredicateRule& rule) {
    const std::string& text = rule.expression;
    if (const auto error = languageError(TextPlace::Predicate, text)) {
      for (const TextRepair& repair : textRepairs(TextPlace::Predicate, text, *error)) {
        set<PredicateRule>(repair.label,
                           [&](PredicateRule& next) { next.expression = repair.text; });
      }
      return;
    }
    const std::string start = "has a key ";
    const std::size_t at = m_candidates.message().find(start);
    if (at != std::string::npos) {
      const std::string& message = m_candidates.message();
      const std::size_t from = at + start.size();
      const std::string name = message.substr(from, message.find(':', from) - from);
      for (const std::string& key : allKeys(m_candidates.task())) {
        set<PredicateRule>("Write " + key, [&](PredicateRule& next) {
          next.expression = withName(text, TextKind::Operation, name, key);
        });
      }
    }
  }

  void operator()(const AnchorsRule& rule) {
    const std::string name = m_candidates.step(4);
    if (rule.values.size() > 1 && rule.values.contains(name)) {
      set<AnchorsRule>("Remove " + name, [&](AnchorsRule& next) { next.values.erase(name); });
    }
  }

  void operator()(const LengthRule& rule) {
    const std::size_t i = m_candidates.index(4, rule.lengths.size());
    if (i < rule.lengths.size()) {
      const int length = rule.lengths[i];
      m_candidates.add("Add length " + std::to_string(length), [&](ExperimentSpec& next) {
        next.task.seq_len.push_back(length);
        next.model.n_ctx = std::max(next.model.n_ctx, length);
      });
      if (rule.lengths.size() > 1) {
        set<LengthRule>("Remove " + std::to_string(length),
                        [&](LengthRule& next) { eraseAt(next.lengths, i); });
      }
    }
  }

 private:
  template <typename Rule, typename Change>
  void set(std::string label, const Change& change) {
    m_candidates.add(std::move(label), [&](ExperimentSpec& next) {
      change(std::get<Rule>(next.task.held_out[m_index]));
    });
  }

  Candidates& m_candidates;
  std::size_t m_index;
};

void proposeRelabelling(Candidates& candidates, std::size_t index) {
  const RelabelSpec& relabel = candidates.task().relabel[index];
  if (const auto error = languageError(TextPlace::Operation, relabel.operation);
      error && candidates.step(3) == "operation") {
    for (const TextRepair& repair : textRepairs(TextPlace::Operation, relabel.operation, *error)) {
      candidates.add(repair.label, [&](ExperimentSpec& next) {
        next.task.relabel[index].operation = repair.text;
      });
    }
  }
  if (candidates.says("is held out, so it is never trained")) {
    for (std::size_t i = 0; i < candidates.task().held_out.size(); ++i) {
      const auto* rule = std::get_if<AnchorsRule>(&candidates.task().held_out[i]);
      if (rule != nullptr && rule->values == relabel.values) {
        candidates.add("Train it", [&](ExperimentSpec& next) { eraseAt(next.task.held_out, i); });
      }
    }
  }
  candidates.add("Remove relabelling " + std::to_string(index + 1),
                 [&](ExperimentSpec& next) { eraseAt(next.task.relabel, index); });
}

}  // namespace

void proposeRules(Candidates& candidates) {
  const TaskSpec& task = candidates.task();
  if (candidates.isAt("/task/held_out")) {
    proposeLeft(candidates);
  }
  const std::size_t rule = candidates.index(2, task.held_out.size());
  if (candidates.isUnder("/task/held_out/*") && rule < task.held_out.size()) {
    RuleProposals proposals(candidates, rule);
    std::visit(proposals, task.held_out[rule]);
    addRemoval(candidates, rule);
  }
  const std::size_t relabel = candidates.index(2, task.relabel.size());
  if (candidates.isUnder("/task/relabel/*") && relabel < task.relabel.size()) {
    proposeRelabelling(candidates, relabel);
  }
}

}  // namespace anchorlens::core
