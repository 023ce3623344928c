// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/scores.h"

#include <algorithm>
#include <cstddef>

namespace anchorlens::core {
namespace {

constexpr std::size_t kLabels = 6;
constexpr std::size_t kConfirming = 3;  // evaluations that must follow an emergence

using Lifts = std::array<double, kLabels>;

const BroadcastScore* bestBroadcast(const HeadScores& scores) {
  return scores.best_broadcast < 0
             ? nullptr
             : &scores.broadcasts[static_cast<std::size_t>(scores.best_broadcast)];
}

/// The lift that each label goes by.
Lifts liftsOf(const HeadScores& scores) {
  Lifts lifts{};
  lifts[static_cast<std::size_t>(Label::Shift)] = scores.shift();
  lifts[static_cast<std::size_t>(Label::Broadcast)] = scores.broadcast();
  lifts[static_cast<std::size_t>(Label::Self)] = scores.self.lift;
  lifts[static_cast<std::size_t>(Label::Sink)] = scores.sink.lift;
  lifts[static_cast<std::size_t>(Label::Induction)] = scores.induction ? scores.induction->lift : 0;
  lifts[static_cast<std::size_t>(Label::Duplicate)] = scores.duplicate ? scores.duplicate->lift : 0;
  return lifts;
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

LabelState nextState(Label label, double value, const HeadScores& scores, const Bounds& bounds) {
  bool may_enter = true;
  if (label == Label::Broadcast) {
    const BroadcastScore* const best = bestBroadcast(scores);
    // A stripe that does not follow the source is no broadcast, however strong.
    if (best == nullptr || !(best->output_tracking > bounds.tracking)) {
      return LabelState::None;
    }
    may_enter = best->output_coverage >= bounds.coverage;
  }
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

}  // namespace

HeadLabel Labeller::next(const HeadScores& scores) {
  const Lifts lifts = liftsOf(scores);
  for (std::size_t i = 0; i < kLabels; ++i) {
    m_states[i] =
        nextState(static_cast<Label>(i), lifts[i], scores, Bounds(m_thresholds, m_states[i]));
  }
  HeadLabel result;
  result.states = m_states;
  for (std::size_t i = 0; i < kLabels; ++i) {
    if (m_states[i] == LabelState::Entered) {
      result.labels.push_back(static_cast<Label>(i));
    }
  }
  for (const LabelState state : {LabelState::Entered, LabelState::Forming}) {
    if (!result.label) {
      result.label = largest(lifts, m_states, state);
      result.state = result.label ? state : LabelState::None;
    }
  }
  result.value = result.label ? lifts[static_cast<std::size_t>(*result.label)]
                              : *std::max_element(lifts.begin(), lifts.end());

  const BroadcastScore* const best = bestBroadcast(scores);
  const double later = best != nullptr && best->later ? best->later->lift : 0;
  const double needed = m_thresholds.enter - (m_to_all_later ? m_thresholds.leave_below : 0);
  m_to_all_later = m_states[static_cast<std::size_t>(Label::Broadcast)] == LabelState::Entered &&
                   later >= needed;
  result.to_all_later = m_to_all_later;
  return result;
}

HeadLabel labelOf(const HeadScores& scores, const LabelThresholds& thresholds) {
  return Labeller(thresholds).next(scores);
}

std::optional<std::int64_t> emergenceStep(const std::vector<std::int64_t>& steps,
                                          const std::vector<double>& lifts,
                                          const LabelThresholds& thresholds) {
  const std::size_t n = std::min(steps.size(), lifts.size());
  const double floor = thresholds.enter - thresholds.leave_below;
  for (std::size_t i = 0; i + kConfirming < n; ++i) {
    const auto* const next = lifts.data() + i + 1;
    const bool holds =
        std::all_of(next, next + kConfirming, [floor](double value) { return value >= floor; });
    if (lifts[i] >= thresholds.enter && holds) {
      return steps[i];
    }
  }
  return std::nullopt;
}

}  // namespace anchorlens::core
