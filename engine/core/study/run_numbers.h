// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/scores.h"
#include "engine/core/study/mirror_pairs.h"
#include "engine/core/study/spread.h"
#include "engine/core/study/study_results.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace anchorlens::core {

/// A number over training. Steps ascend.
struct NumberSeries {
  std::vector<std::int64_t> steps;
  std::vector<double> values;
  /// Of the last point at or before `step`, the newest without one; NaN when there is none.
  double at(std::optional<std::int64_t> step) const;
};

/// Accuracy and loss of all seen, of all test, or of one group's sequences.
struct GroupNumbers {
  enum class Kind {
    Train,
    Test,
    HeldOut,  ///< a combination that is never trained
    Part,     ///< a group that counts in Train or Test
  };
  std::string name;  ///< "Train", "Test", "A=4 B=3 held_out"
  Kind kind = Kind::Train;
  NumberSeries accuracy;
  NumberSeries loss;
};

/// The lifts of one head that a study looks at.
struct HeadNumbers {
  int layer = 0;
  int head = 0;
  NumberSeries shift;
  NumberSeries broadcast;
  std::optional<std::int64_t> shift_step;  ///< when it emerged
  std::optional<std::int64_t> broadcast_step;
};

/// What the views of a study show of one run. Immutable once it is shared.
struct RunNumbers {
  MemberFacts::State state = MemberFacts::State::NotStarted;
  std::int64_t step = 0;
  std::vector<GroupNumbers> groups;  ///< Train, Test, then those of the task that were evaluated
  std::vector<HeadNumbers> heads;    ///< [layer * n_heads + head]; empty without heads or frames
  std::vector<PairAnswers> pairs;

  const GroupNumbers* group(const std::string& name) const;
  /// Whether its number at `step` (none: the final one) is settled: it finished, or went that far.
  bool isThere(std::optional<std::int64_t> at) const;
};

/// `pairs`: of the frames' predictions, where they were kept.
RunNumbers makeRunNumbers(const RunResults& results, std::vector<PairAnswers> pairs = {},
                          const LabelThresholds& thresholds = {});
/// When shift and broadcast emerged in each head, by these thresholds.
void findEmergence(RunNumbers& numbers, const LabelThresholds& thresholds);

/// Median and range of some runs over their steps.
struct NumberBand {
  std::vector<std::int64_t> steps;
  std::vector<double> median, low, high;
  std::vector<std::size_t> count;  ///< runs
};

/// One of the runs that a band is over. A run that is over keeps its last value.
struct BandMember {
  const NumberSeries* series = nullptr;
  bool is_over = false;
};
/// At the steps of all members together, thinned to `most`; the range then holds all that lies
/// between two of them.
NumberBand bandOf(const std::vector<BandMember>& members, std::size_t most = 400);

}  // namespace anchorlens::core
