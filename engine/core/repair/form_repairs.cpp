// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/repair/candidates.h"
#include "engine/core/repair/text_repairs.h"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace anchorlens::core {
namespace {

/// Proposals for one form's pattern.
class PatternProposals {
 public:
  PatternProposals(Candidates& candidates, std::size_t form)
      : m_candidates(candidates), m_form(form), m_pattern(candidates.task().forms[form].pattern) {}

  void run() {
    if (const auto error = languageError(TextPlace::Pattern, m_pattern)) {
      for (const TextRepair& repair : textRepairs(TextPlace::Pattern, m_pattern, *error)) {
        write(repair.label, repair.text);
      }
      return;
    }
    proposeLength();
    proposeNames();
    proposeTokens();
    proposeAnchors();
    proposeDetermined();
  }

 private:
  bool says(std::string_view part) const { return m_candidates.says(part); }

  void write(const std::string& label, const std::string& text) {
    m_candidates.add(label, [&](ExperimentSpec& next) { next.task.forms[m_form].pattern = text; });
  }

  std::string marked() const {
    return m_pattern.substr(static_cast<std::size_t>(m_candidates.error().column),
                            static_cast<std::size_t>(m_candidates.error().column_length));
  }

  void proposeLength() {
    const auto needed = m_candidates.numberAfter("takes exactly ");
    const auto least = m_candidates.numberAfter("needs ");
    if (const auto length = needed ? needed : least; length && says("Length ")) {
      m_candidates.add("Length " + std::to_string(*length),
                       [&](ExperimentSpec& next) { setLength(next, static_cast<int>(*length)); });
    }
    if (says("has no gap (*)")) {
      write("Add a gap", "* " + m_pattern);
    }
  }

  /// A name of the answer that the sequence does not have.
  void proposeNames() {
    if (!says(" is not in the sequence")) {
      return;
    }
    const std::string name = m_candidates.message().substr(0, m_candidates.message().find(' '));
    const bool is_key = !name.empty() && name[0] >= 'a' && name[0] <= 'z';
    const std::size_t arrow = m_pattern.find("->");
    for (const std::string& other : is_key ? keysOf(m_pattern) : anchorsOf(m_pattern)) {
      write("Write " + other, withName(m_pattern, TextKind::Pattern, name, other));
    }
    if (arrow != std::string::npos) {
      write("Add " + name, m_pattern.substr(0, arrow) + name + " " + m_pattern.substr(arrow));
    }
  }

  /// Literals outside the vocabulary.
  void proposeTokens() {
    const std::string literal = marked();
    if (says("is not in the vocabulary, which")) {
      addVocabulary(m_candidates, largestToken(m_candidates.task()));
    }
    if (const int token = freeToken(m_candidates.task());
        token > 0 && (says("is not in the vocabulary, which") || says("Token 0 is padding and"))) {
      write("Token " + std::to_string(token),
            withName(m_pattern, TextKind::Pattern, literal, std::to_string(token)));
    }
  }

  void proposeAnchors() {
    if (const int token = freeToken(m_candidates.task());
        token > 0 && says("has no token to take")) {
      const std::string text = std::to_string(token);
      m_candidates.add("Add anchor " + text, [&](ExperimentSpec& next) {
        next.task.anchors.push_back({token, "x"});
      });
      write("Token " + text, withName(m_pattern, TextKind::Pattern, marked(), text));
    }
    const auto spare = m_candidates.numberAfter(" may be ");
    if (spare && (says("match has no arm") || says("is distinct"))) {
      takeAway(m_candidates.message().substr(0, m_candidates.message().find(' ')),
               static_cast<int>(*spare));
    }
    if (says("is distinct: more tokens")) {
      m_candidates.add("May be equal",
                       [&](ExperimentSpec& next) { next.task.forms[m_form].distinct.clear(); });
    }
    if (says("may all be")) {
      const std::vector<std::string> variables = anchorsOf(m_pattern);
      letDiffer(std::vector<std::string>(variables.begin(), variables.end()));
      for (std::size_t i = 0; i < variables.size(); ++i) {
        std::vector<std::string> others = variables;
        eraseAt(others, variables.size() - 1 - i);
        letDiffer(others);
      }
    }
  }

  void letDiffer(const std::vector<std::string>& names) {
    std::string label;
    for (const std::string& name : names) {
      label += (label.empty() ? "" : ", ") + name;
    }
    if (names.size() > 1) {
      m_candidates.add(label + " differ",
                       [&](ExperimentSpec& next) { next.task.forms[m_form].distinct = {names}; });
    }
  }

  void takeAway(const std::string& name, int token) {
    m_candidates.add("Take " + std::to_string(token) + " away", [&](ExperimentSpec& next) {
      auto& allowed = next.task.forms[m_form].anchors[name];
      if (allowed.empty()) {
        for (const AnchorSpec& anchor : next.task.anchors) {
          allowed.push_back(anchor.token);
        }
      }
      std::erase(allowed, token);
    });
  }

  /// An answer that the sequence does not determine.
  void proposeDetermined() {
    if (says("can be read") || says("follow from the sequence") || says("have one answer")) {
      separateNoise();
      if (m_candidates.task().forms.size() > 1) {
        m_candidates.add("Remove form " + std::to_string(m_form + 1),
                         [&](ExperimentSpec& next) { eraseAt(next.task.forms, m_form); });
      }
      pointAtKeys();
    }
    if (says("Give the keys more tokens")) {
      m_candidates.add("Keys as noise", [](ExperimentSpec& next) { next.task.keys.clear(); });
    }
  }

  /// A token of its own before a key of the answer.
  void pointAtKeys() {
    const int token = freeToken(m_candidates.task());
    for (const TextToken& key : tokenize(m_pattern)) {
      if (token > 0 && key.kind == TextToken::Kind::Key && !key.in_target) {
        const auto at = static_cast<std::size_t>(key.span.begin);
        const std::string cue = std::to_string(token);
        write("Put " + cue + " before " + m_pattern.substr(at, 1),
              m_pattern.substr(0, at) + cue + " " + m_pattern.substr(at));
      }
    }
  }

  /// Noise and keys without the tokens of anchors.
  void separateNoise() {
    std::set<int> anchors;
    for (const AnchorSpec& anchor : m_candidates.task().anchors) {
      anchors.insert(anchor.token);
    }
    for (const TextToken& token : tokenize(m_pattern)) {
      if (token.kind == TextToken::Kind::Number && !token.in_target) {
        const auto at = static_cast<std::size_t>(token.span.begin);
        anchors.insert(std::atoi(m_pattern.c_str() + at));
      }
    }
    m_candidates.add("Noise without anchors", [&](ExperimentSpec& next) {
      for (const int anchor : anchors) {
        cut(next.task.noise, anchor);
        for (auto& [name, intervals] : next.task.keys) {
          cut(intervals, anchor);
        }
      }
    });
  }

  static void cut(Intervals& intervals, int token) {
    Intervals parts;
    for (const Interval& interval : intervals) {
      const bool is_in = interval.first <= token && token <= interval.last;
      if (!is_in) {
        parts.push_back(interval);
        continue;
      }
      if (interval.first < token) {
        parts.push_back({interval.first, token - 1});
      }
      if (token < interval.last) {
        parts.push_back({token + 1, interval.last});
      }
    }
    intervals = std::move(parts);
  }

  Candidates& m_candidates;
  std::size_t m_form;
  const std::string& m_pattern;
};

/// `anchors` and `distinct` of a form.
void proposeVariables(Candidates& candidates, std::size_t form) {
  const std::string name = candidates.step(4);
  if (candidates.isUnder("/task/forms/*/anchors/*")) {
    const auto missing = candidates.numberAfter(" may be ");
    const auto& all = candidates.task().forms[form].anchors;
    const auto tokens = all.find(name);
    const std::size_t size = tokens == all.end() ? 0 : tokens->second.size();
    const std::size_t i = candidates.index(5, size);
    if (i < size || missing) {
      const int token = missing ? static_cast<int>(*missing) : tokens->second[i];
      const bool is_twice = candidates.says("stands twice");
      const std::string text = std::to_string(token);
      candidates.add(is_twice ? "Remove the second " + text : "Take " + text + " away",
                     [&](ExperimentSpec& next) {
                       auto& list = next.task.forms[form].anchors[name];
                       missing ? static_cast<void>(std::erase(list, token)) : eraseAt(list, i);
                     });
    } else {
      candidates.add(size == 0 && tokens != all.end() && !candidates.says("has no " + name)
                         ? "Allow every anchor"
                         : "Remove " + name,
                     [&](ExperimentSpec& next) { next.task.forms[form].anchors.erase(name); });
    }
    if (candidates.says("Vocabulary ends")) {
      addVocabulary(candidates, largestToken(candidates.task()));
    }
  }
  const auto& distinct = candidates.task().forms[form].distinct;
  const std::size_t group = candidates.index(4, distinct.size());
  if (candidates.isUnder("/task/forms/*/distinct/*") && group < distinct.size()) {
    const std::size_t i = candidates.index(5, distinct[group].size());
    candidates.add("Remove " + (i < distinct[group].size() ? distinct[group][i] : "it"),
                   [&](ExperimentSpec& next) {
                     eraseAt(next.task.forms[form].distinct[group], i);
                     if (next.task.forms[form].distinct[group].size() < 2) {
                       eraseAt(next.task.forms[form].distinct, group);
                     }
                   });
  }
}

}  // namespace

void proposeForms(Candidates& candidates) {
  if (candidates.isAt("/task/forms") && candidates.task().forms.empty()) {
    const int token = freeToken(candidates.task());
    const std::string pattern = "* " + std::to_string(token) + " x * -> x";
    candidates.add("Add " + pattern, [&](ExperimentSpec& next) {
      next.task.forms.push_back({pattern, 1.0, {}, {}});
    });
    return;
  }
  const std::size_t form = candidates.index(2, candidates.task().forms.size());
  if (!candidates.isUnder("/task/forms/*") || form == candidates.task().forms.size()) {
    return;
  }
  if (candidates.isAt("/task/forms/*/pattern")) {
    PatternProposals(candidates, form).run();
  }
  if (candidates.isAt("/task/forms/*/weight")) {
    candidates.add("Weight 1", [&](ExperimentSpec& next) { next.task.forms[form].weight = 1; });
    candidates.add("Remove form " + std::to_string(form + 1),
                   [&](ExperimentSpec& next) { eraseAt(next.task.forms, form); });
  }
  proposeVariables(candidates, form);
}

}  // namespace anchorlens::core
