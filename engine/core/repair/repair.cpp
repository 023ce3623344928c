// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/repair.h"

#include "engine/core/experiment/check.h"
#include "engine/core/experiment/limits.h"
#include "engine/core/experiment_json.h"
#include "engine/core/repair/candidates.h"
#include "engine/core/task/task.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

namespace anchorlens::core {
namespace {

constexpr int kTriesAProblem = 8;
constexpr int kTries = 64;

/// Problems by kind and number. Numbers in a message change with every edit, and indices in
/// pointers when an item goes, so they are left out.
using Counts = std::map<std::string, int>;

std::string kindOf(const SpecError& error) {
  std::string kind;
  for (const char c : error.pointer + ": " + error.message) {
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit) {
      kind += c;
    } else if (kind.empty() || kind.back() != '#') {
      kind += '#';
    }
  }
  return kind;
}

Counts countKinds(const SpecErrors& errors) {
  Counts counts;
  for (const SpecError& error : errors) {
    ++counts[kindOf(error)];
  }
  return counts;
}

/// A check stops at the first stage that finds something. What the later stages would find is not
/// new when a repair lets them run.
SpecErrors hiddenErrors(const ExperimentSpec& spec) {
  SpecErrors all;
  const auto take = [&](SpecErrors errors) {
    std::move(errors.begin(), errors.end(), std::back_inserter(all));
  };
  const ModelSpec& model = spec.model;
  // These functions trust the reader that sizes are in bounds.
  const bool is_in_bounds = !spec.task.seq_len.empty() && spec.training.batch_size > 0 &&
                            spec.data.n_train > 0 && model.n_heads <= limits::kHeads &&
                            model.d_head <= limits::kHeadWidth && model.n_heads > 0 &&
                            model.d_head > 0;
  if (is_in_bounds) {
    for (const auto check : {checkModel, checkTraining, checkMemory}) {
      take(check(spec));
    }
    const auto& typed = spec.probe.sequences;
    if (std::none_of(typed.begin(), typed.end(), [](const auto& s) { return s.empty(); })) {
      take(checkProbe(spec));
    }
  }
  auto task = Task::compile(completed(spec).task);
  if (!task) {
    take(std::move(task).error());
  }
  return all;
}

class Trial {
 public:
  Trial(const ExperimentSpec& spec, const SpecErrors& errors, std::stop_token stop)
      : m_spec(spec), m_counts(countKinds(errors)), m_stop(std::move(stop)) {}

  bool isOver() const { return m_stop.stop_requested() || m_tries >= kTries; }

  /// Whether the candidate removes the problem and makes no other.
  bool works(const Candidate& candidate, const SpecError& problem) {
    ++m_tries;
    const std::string kind = kindOf(problem);
    const Counts left = countKinds(checkExperiment(candidate.next));
    const auto same = left.find(kind);
    if (same != left.end() && same->second >= m_counts[kind]) {
      return false;
    }
    return std::all_of(left.begin(), left.end(),
                       [&](const auto& entry) { return entry.second <= countBefore(entry.first); });
  }

 private:
  int countBefore(const std::string& kind) {
    const auto told = m_counts.find(kind);
    if (told != m_counts.end()) {
      return told->second;
    }
    if (!m_hidden) {
      m_hidden = countKinds(hiddenErrors(m_spec));
    }
    const auto hidden = m_hidden->find(kind);
    return hidden == m_hidden->end() ? 0 : hidden->second;
  }

  const ExperimentSpec& m_spec;
  Counts m_counts;
  std::optional<Counts> m_hidden;  ///< found when first asked for
  std::stop_token m_stop;
  int m_tries = 0;
};

}  // namespace

std::vector<Repair> repairsOf(const ExperimentSpec& spec, const SpecErrors& errors,
                              const ExperimentSpec* last_good, std::stop_token stop) {
  std::vector<Repair> repairs;
  Trial trial(spec, errors, std::move(stop));
  for (const SpecError& error : errors) {
    Candidates candidates(spec, error);
    if (last_good != nullptr) {
      proposeBack(candidates, *last_good);
    }
    for (const auto propose : {proposeVocabulary, proposeAnchors, proposeForms, proposeRules,
                               proposeParts, proposeNearest}) {
      propose(candidates);
    }
    const std::size_t before = repairs.size();
    int tries = 0;
    for (const Candidate& candidate : candidates.all()) {
      // Several problems may stand at one pointer: a repair of both is told once.
      const bool is_known = std::any_of(repairs.begin(), repairs.end(), [&](const Repair& repair) {
        return repair.pointer == error.pointer &&
               (repair.next == candidate.next || repair.label == candidate.label);
      });
      if (repairs.size() == before + kRepairsAProblem || tries == kTriesAProblem ||
          trial.isOver()) {
        break;
      }
      tries += is_known ? 0 : 1;
      if (!is_known && trial.works(candidate, error)) {
        repairs.push_back({error.pointer, candidate.label, candidate.next});
      }
    }
  }
  return repairs;
}

}  // namespace anchorlens::core
