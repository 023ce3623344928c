// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/scores.h"

#include <array>
#include <cstddef>
#include <vector>

/// The few numbers of a head's scores that its label depends on: to label many frames again with
/// other thresholds.
namespace anchorlens::core {

struct LabelValues {
  std::array<double, 6> lifts{};  ///< by Label
  bool has_broadcast = false;     ///< false: the task has no source; the rest is 0
  double coverage = 0;            ///< of the best broadcast: output row
  double tracking = 0;
  double later = 0;  ///< its lift to all later rows
};

bool isSame(const LabelThresholds& a, const LabelThresholds& b);

LabelValues labelValues(const HeadScores& scores);

/// So many frames must follow one at the threshold before it is an emergence: emergenceStep().
constexpr std::size_t kConfirmingFrames = 3;

/// The label of a frame after one that was labelled `before` (null: the first frame): a HeadLabel
/// has all that a Labeller remembers.
HeadLabel labelAfter(const HeadLabel* before, const LabelValues& values,
                     const LabelThresholds& thresholds);

/// Labels of one head over time, as a Labeller that is fed the frames in order.
std::vector<HeadLabel> labelsOver(const std::vector<LabelValues>& frames,
                                  const LabelThresholds& thresholds);

}  // namespace anchorlens::core
