// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/label_values.h"
#include "engine/core/scores.h"

#include <algorithm>
#include <cstddef>

namespace anchorlens::core {
namespace {

constexpr std::size_t kLabels = 6;

using Lifts = std::array<double, kLabels>;

const BroadcastScore* bestBroadcast(const HeadScores& scores) {
  return scores.best_broadcast < 0
             ? nullptr
             : &scores.broadcasts[static_cast<std::size_t>(scores.best_broadcast)];
}

/// Thresholds for a label that was in `before`: what is held is held a little longer.
struct Bounds {
  double entered;
  double forming;
  double coverage;
  double tracking;

  Bounds(const LabelThresholds& thresholds, LabelState before) {
    const double slack = thresholds.leave_below;
    const double held = before == LabelState::Entered ? slack : 0;
    const double tracked = before == LabelState::None ? 0 : slack;
    entered = thresholds.enter - held;
    coverage = thresholds.coverage - held;
    forming = thresholds.forming - tracked;
    tracking = thresholds.tracking - tracked;
  }
};

LabelState nextState(Label label, const LabelValues& values, const Bounds& bounds) {
  bool may_enter = true;
  if (label == Label::Broadcast) {
    // A stripe that does not follow the source is no broadcast, however strong.
    if (!values.has_broadcast || !(values.tracking > bounds.tracking)) {
      return LabelState::None;
    }
    may_enter = values.coverage >= bounds.coverage;
  }
  const double value = values.lifts[static_cast<std::size_t>(label)];
  if (may_enter && value >= bounds.entered) {
    return LabelState::Entered;
  }
  return value >= bounds.forming ? LabelState::Forming : LabelState::None;
}

/// The largest lift among the labels in that state; empty when none is.
std::optional<Label> largest(const Lifts& lifts, const std::array<LabelState, kLabels>& states,
                             LabelState wanted) {
  std::optional<Label> best;
  for (std::size_t i = 0; i < kLabels; ++i) {
    if (states[i] == wanted && (!best || lifts[i] > lifts[static_cast<std::size_t>(*best)])) {
      best = static_cast<Label>(i);
    }
  }
  return best;
}

/// What a labeller remembers of the frames before.
struct Memory {
  std::array<LabelState, kLabels>& states;
  bool& to_all_later;
};

HeadLabel nextLabel(const LabelValues& values, const LabelThresholds& thresholds, Memory memory) {
  for (std::size_t i = 0; i < kLabels; ++i) {
    memory.states[i] =
        nextState(static_cast<Label>(i), values, Bounds(thresholds, memory.states[i]));
  }
  HeadLabel result;
  result.states = memory.states;
  for (std::size_t i = 0; i < kLabels; ++i) {
    if (memory.states[i] == LabelState::Entered) {
      result.labels.push_back(static_cast<Label>(i));
    }
  }
  for (const LabelState state : {LabelState::Entered, LabelState::Forming}) {
    if (!result.label) {
      result.label = largest(values.lifts, memory.states, state);
      result.state = result.label ? state : LabelState::None;
    }
  }
  result.value = result.label ? values.lifts[static_cast<std::size_t>(*result.label)]
                              : *std::max_element(values.lifts.begin(), values.lifts.end());
  const double needed = thresholds.enter - (memory.to_all_later ? thresholds.leave_below : 0);
  memory.to_all_later =
      memory.states[static_cast<std::size_t>(Label::Broadcast)] == LabelState::Entered &&
      values.later >= needed;
  result.to_all_later = memory.to_all_later;
  return result;
}

}  // namespace

bool isSame(const LabelThresholds& a, const LabelThresholds& b) {
  return a.enter == b.enter && a.forming == b.forming && a.leave_below == b.leave_below &&
         a.coverage == b.coverage && a.tracking == b.tracking;
}

LabelValues labelValues(const HeadScores& scores) {
  LabelValues values;
  const auto set = [&](Label label, double lift) {
    values.lifts[static_cast<std::size_t>(label)] = lift;
  };
  set(Label::Shift, scores.shift());
  set(Label::Broadcast, scores.broadcast());
  set(Label::Self, scores.self.lift);
  set(Label::Sink, scores.sink.lift);
  set(Label::Induction, scores.induction ? scores.induction->lift : 0);
  set(Label::Duplicate, scores.duplicate ? scores.duplicate->lift : 0);
  if (const BroadcastScore* const best = bestBroadcast(scores)) {
    values.has_broadcast = true;
    values.coverage = best->output_coverage;
    values.tracking = best->output_tracking;
    values.later = best->later ? best->later->lift : 0;
  }
  return values;
}

HeadLabel Labeller::next(const HeadScores& scores) {
  return nextLabel(labelValues(scores), m_thresholds, {m_states, m_to_all_later});
}

HeadLabel labelAfter(const HeadLabel* before, const LabelValues& values,
                     const LabelThresholds& thresholds) {
  std::array<LabelState, kLabels> states{};
  bool to_all_later = false;
  if (before != nullptr) {
    states = before->states;
    to_all_later = before->to_all_later;
  }
  return nextLabel(values, thresholds, {states, to_all_later});
}

std::vector<HeadLabel> labelsOver(const std::vector<LabelValues>& frames,
                                  const LabelThresholds& thresholds) {
  std::vector<HeadLabel> labels;
  labels.reserve(frames.size());
  for (const LabelValues& frame : frames) {
    labels.push_back(labelAfter(labels.empty() ? nullptr : &labels.back(), frame, thresholds));
  }
  return labels;
}

HeadLabel labelOf(const HeadScores& scores, const LabelThresholds& thresholds) {
  return Labeller(thresholds).next(scores);
}

bool hasEmergedBefore(const std::vector<std::int64_t>& steps, const std::vector<double>& values,
                      double threshold) {
  return !steps.empty() && !values.empty() && steps.front() > 0 && values.front() >= threshold;
}

std::optional<std::int64_t> emergenceStep(const std::vector<std::int64_t>& steps,
                                          const std::vector<double>& lifts,
                                          const LabelThresholds& thresholds) {
  return hasEmergedBefore(steps, lifts, thresholds.enter)
             ? std::nullopt
             : emergenceWithin(steps, lifts, thresholds);
}

std::optional<std::int64_t> emergenceWithin(const std::vector<std::int64_t>& steps,
                                            const std::vector<double>& lifts,
                                            const LabelThresholds& thresholds) {
  const std::size_t n = std::min(steps.size(), lifts.size());
  const double floor = thresholds.enter - thresholds.leave_below;
  for (std::size_t i = 0; i + kConfirmingFrames < n; ++i) {
    const auto* const next = lifts.data() + i + 1;
    const bool holds = std::all_of(next, next + kConfirmingFrames,
                                   [floor](double value) { return value >= floor; });
    if (lifts[i] >= thresholds.enter && holds) {
      return steps[i];
    }
  }
  return std::nullopt;
}

}  // namespace anchorlens::core
