// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/experiment.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What might repair a problem. Nothing here promises that it does: repairsOf tries every
/// candidate, so these functions may propose freely, the likeliest first. Private to the repairs.
namespace anchorlens::core {

struct Candidate {
  std::string label;
  ExperimentSpec next;
};

/// The problem that is looked at, and the candidates found for it.
class Candidates {
 public:
  Candidates(const ExperimentSpec& spec, const SpecError& error);

  const ExperimentSpec& spec() const { return m_spec; }
  const TaskSpec& task() const { return m_spec.task; }
  const std::string& message() const { return m_error.message; }
  const SpecError& error() const { return m_error; }

  /// Whether the pointer is this one; "*" stands for any one step.
  bool isAt(std::string_view pattern) const;
  /// Whether the pointer starts so.
  bool isUnder(std::string_view pattern) const;
  const std::vector<std::string>& steps() const { return m_steps; }
  /// A step of the pointer, unescaped; "" when it has fewer.
  std::string step(std::size_t i) const;
  /// A step as an index; `size` when it is none below size.
  std::size_t index(std::size_t i, std::size_t size) const;

  bool says(std::string_view part) const { return message().find(part) != std::string::npos; }
  /// The whole number that follows a part of the message.
  std::optional<std::int64_t> numberAfter(std::string_view part) const;

  /// `change` takes an ExperimentSpec&. A change that does nothing is no candidate.
  template <typename Change>
  void add(std::string label, const Change& change) {
    ExperimentSpec next = m_spec;
    change(next);
    if (next != m_spec) {
      m_all.push_back({std::move(label), std::move(next)});
    }
  }

  const std::vector<Candidate>& all() const { return m_all; }

 private:
  const ExperimentSpec& m_spec;
  const SpecError& m_error;
  std::vector<std::string> m_steps;
  std::vector<Candidate> m_all;
};

/// For any field that holds one number or text: what it was in `last_good`.
void proposeBack(Candidates& candidates, const ExperimentSpec& last_good);
/// And the nearest that is allowed, and the default.
void proposeNearest(Candidates& candidates);
/// Lengths, vocabulary, ranges of tokens, rows of anchors.
void proposeVocabulary(Candidates& candidates);
void proposeAnchors(Candidates& candidates);
/// Patterns and what stands beside them.
void proposeForms(Candidates& candidates);
/// Held-out rules and relabelled combinations.
void proposeRules(Candidates& candidates);
/// Everything but the task.
void proposeParts(Candidates& candidates);

/// Largest token that the task names anywhere.
int largestToken(const TaskSpec& task);
/// Smallest token that the task does not name; 0 when there is none below d_vocab.
int freeToken(const TaskSpec& task);
/// "Vocabulary 892", if that is possible; `largest` has to be in it.
void addVocabulary(Candidates& candidates, std::int64_t largest);
/// Makes it the length, and lets the model see so far.
void setLength(ExperimentSpec& spec, int length);
/// Leaves out intervals of keys that no pattern has; nothing when a pattern is broken.
void dropUnusedKeys(TaskSpec& task);
/// Key variables of a text that may be broken, as they stand before the arrow.
std::vector<std::string> keysOf(std::string_view pattern);
std::vector<std::string> anchorsOf(std::string_view pattern);

template <typename T>
void eraseAt(std::vector<T>& list, std::size_t index) {
  if (index < list.size()) {
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(index));
  }
}

}  // namespace anchorlens::core
