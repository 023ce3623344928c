// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/compare/run_events.h"

#include "engine/core/compare/time_alignment.h"

#include <algorithm>

namespace anchorlens::core {

namespace {

void takeEarlier(std::optional<std::int64_t>& first, std::optional<std::int64_t> other) {
  if (other && (!first || *other < *first))
    first = other;
}

/// Events of a head, and whether they happened before the record begins.
struct Found {
  RunEvents::Head steps;
  bool is_shift_before = false;
  bool is_broadcast_before = false;
};

Found eventsOf(std::size_t head, const std::vector<RunReader::FrameScores>& frames) {
  std::vector<std::int64_t> steps;
  std::vector<double> shift;
  std::vector<double> broadcast;
  for (const auto& frame : frames) {
    if (head < frame.scores.size()) {
      steps.push_back(frame.step);
      shift.push_back(frame.scores[head].shift());
      broadcast.push_back(frame.scores[head].broadcast());
    }
  }
  const double enter = LabelThresholds().enter;
  return {{emergenceStep(steps, shift), emergenceStep(steps, broadcast)},
          hasEmergedBefore(steps, shift, enter),
          hasEmergedBefore(steps, broadcast, enter)};
}

}  // namespace

RunEvents runEvents(const std::vector<RunReader::FrameScores>& frames,
                    const std::vector<Metrics>& metrics) {
  RunEvents events;
  const std::size_t n_heads = frames.empty() ? 0 : frames.back().scores.size();
  bool is_shift_before = false;
  for (std::size_t head = 0; head < n_heads; ++head) {
    const Found found = eventsOf(head, frames);
    events.heads.push_back(found.steps);
    is_shift_before |= found.is_shift_before;
    events.is_broadcast_before |= found.is_broadcast_before;
    takeEarlier(events.shift, events.heads.back().shift);
    takeEarlier(events.broadcast, events.heads.back().broadcast);
  }
  if (is_shift_before)
    events.shift.reset();
  if (events.is_broadcast_before)
    events.broadcast.reset();
  std::vector<std::int64_t> steps;
  std::vector<double> accuracy;
  for (const Metrics& row : metrics) {
    steps.push_back(row.step);
    accuracy.push_back(row.test_accuracy);
  }
  events.is_accuracy_before = hasEmergedBefore(steps, accuracy, kAlignedAccuracy);
  events.accuracy = firstReached(steps, accuracy, kAlignedAccuracy);
  return events;
}

std::optional<std::int64_t> stepShownAt(const std::vector<std::int64_t>& steps, std::int64_t step) {
  if (steps.empty())
    return std::nullopt;
  const auto after = std::upper_bound(steps.begin(), steps.end(), step);
  return after == steps.begin() ? steps.front() : *std::prev(after);
}

}  // namespace anchorlens::core
