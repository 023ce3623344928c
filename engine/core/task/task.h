// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/experiment.h"
#include "engine/core/random.h"
#include "engine/core/task/sequence_set.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace anchorlens::core {

/// What a token of a sequence is. Index 0 is always noise.
struct RoleInfo {
  enum class Kind : std::uint8_t { Noise, Anchor, Key };
  Kind kind = Kind::Noise;
  std::string name;    ///< "noise", "anchor:A" (variable), "anchor:3" (literal), "key:x"
  std::string symbol;  ///< "", "A", "3", "x"
  bool operator==(const RoleInfo&) const = default;
};

/// The finest unit that accuracy is reported on: form / anchor combination / seen or held out.
/// Named "[form<i> ][length=<n> ][<variable>=<token> ...]seen|held_out": the form where there are
/// several, a length only where it is held out. A form with more than 256 combinations is reported
/// as a whole ("seen", "held_out", "combination held_out"), without `anchors`. docs/groups.md
struct GroupInfo {
  enum class Kind : std::uint8_t {
    Seen,         ///< a training combination, keys that are trained: split train
    HeldOutKeys,  ///< a training combination, keys that are held out: counts in test accuracy
    /// Anchors or a length never trained, or trained with another operation only (relabelled):
    /// reported on its own.
    HeldOutCombination,
  };
  std::string name;  ///< unique, e.g. "A=3 B=4 held_out"
  Split split = Split::Train;
  Kind kind = Kind::Seen;
  int form = 0;
  std::vector<int> anchors;  ///< the values of the form's anchor variables, in order of first use
  bool operator==(const GroupInfo&) const = default;
};

/// Two roles that the answer joins (x with A, then A with B), or a cue and its key (3 with x in
/// `* 3 x * -> x`); indices into roles(). The rule: docs/groups.md, "Pairs".
struct RolePair {
  int form = 0;
  std::uint8_t first = 0;
  std::uint8_t second = 0;
  bool operator==(const RolePair&) const = default;
};

/// What can be said of a task before anything is drawn.
struct TaskAnalysis {
  double chance = 0;         ///< best accuracy that ignores the sequence
  double ceiling_train = 1;  ///< best possible accuracy on the training split
  double ceiling_test = 1;   ///< on held-out keys of seen combinations
  int result_min = 0;        ///< smallest and largest answer
  int result_max = 0;
  bool range_is_exact = true;  ///< false: a safe bound, more than 10^6 combinations
  double train_share = 0;      ///< share of all drawn sequences that the rules leave for training
  bool has_test = false;       ///< held-out keys of seen combinations exist
  std::vector<std::string> notes;  ///< plain sentences on ceilings, ambiguity, bounds
};

/// What the task says of one sequence that somebody typed.
struct Judgement {
  int form = 0;
  Split split = Split::Train;
  int group = 0;
  std::vector<std::uint8_t> roles;
  std::vector<Answer> answers;  ///< by the true operations
  std::vector<Answer> taught;   ///< what the training split says; differs where relabelled
};

/// A task, compiled: patterns, operations and rules turned into a plan once. Immutable; copies
/// share the plan; all const functions may be called from several threads.
class Task {
 public:
  /// All errors at once, with pointers from the document's root ("/task/forms/0/pattern").
  static Expected<Task, SpecErrors> compile(const TaskSpec& spec);

  const TaskSpec& spec() const;
  int seqLen() const;  ///< the longest
  int dVocab() const;
  const std::vector<RoleInfo>& roles() const;
  const std::vector<GroupInfo>& groups() const;
  const std::vector<RolePair>& pairs() const;
  const TaskAnalysis& analysis() const;
  /// Some operation is stochastic: targets are drawn anew at every visit in training.
  bool isStochastic() const;

  /// n fresh draws from a split's distribution. Split::Test draws from held-out keys of seen
  /// combinations when there are such, else from everything held out. With `answers` the answer
  /// distributions are filled in too.
  /// A training draw has its answer drawn by its probability (and relabelled).
  SequenceSet draw(Split split, std::size_t n, Random& random, bool with_answers = true) const;

  /// Draws into `set` again without allocating: `set` has size n and was made by draw of this task
  /// without answers. For streaming training.
  void redraw(Split split, SequenceSet& set, Random& random) const;

  /// n draws from one group.
  SequenceSet drawGroup(int group, std::size_t n, Random& random) const;

  /// Draws a stochastic answer of sequence i anew (training side).
  std::int32_t drawTarget(const SequenceSet& set, std::size_t i, Random& random) const;

  /// The answer from the tokens alone, by matching the patterns: an independent path from the
  /// generator. An error says in a sentence why no form fits, or that the answer is ambiguous.
  Expected<Judgement, std::string> judge(std::span<const std::int32_t> tokens) const;

  /// For the parts of the task that are not members: explain.h, describe.h.
  struct Plan;
  const Plan& plan() const { return *m_plan; }

 private:
  explicit Task(std::shared_ptr<const Plan> plan);
  std::shared_ptr<const Plan> m_plan;
};

/// The fixed data of a run.
struct Dataset {
  SequenceSet train;  ///< n_train sequences, drawn with Random(seed, "data/train"); for streaming
                      ///< data a sample of min(n_train, 2000) on which training accuracy is told
  /// n_test of held-out keys of seen combinations (if any), then n_test of every held-out
  /// combination; Random(seed, "data/test").
  SequenceSet test;
};

/// Draws a run's data and proves that no test sequence occurs in training: by construction (every
/// drawn sequence's split is decided by the rules) and by an exact comparison of the token rows.
Expected<Dataset, SpecErrors> makeDataset(const Task& task, const DataSpec& spec,
                                          std::stop_token stop = {});

/// Number of rows of `test` that also occur in `train`, compared exactly.
std::size_t countShared(const SequenceSet& train, const SequenceSet& test);

/// The frozen probe batch: Random(probe.seed, "probe"). The typed sequences stand first.
Expected<SequenceSet, SpecErrors> makeProbe(const Task& task, const ProbeSpec& spec);

}  // namespace anchorlens::core
