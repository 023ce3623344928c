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

RunEvents::Head eventsOf(std::size_t head, const std::vector<RunReader::FrameScores>& frames) {
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
  return {emergenceStep(steps, shift), emergenceStep(steps, broadcast)};
}

}  // namespace

RunEvents runEvents(const std::vector<RunReader::FrameScores>& frames,
                    const std::vector<Metrics>& metrics) {
  RunEvents events;
  const std::size_t n_heads = frames.empty() ? 0 : frames.back().scores.size();
  for (std::size_t head = 0; head < n_heads; ++head) {
    events.heads.push_back(eventsOf(head, frames));
    takeEarlier(events.shift, events.heads.back().shift);
    takeEarlier(events.broadcast, events.heads.back().broadcast);
  }
  std::vector<std::int64_t> steps;
  std::vector<double> accuracy;
  for (const Metrics& row : metrics) {
    steps.push_back(row.step);
    accuracy.push_back(row.test_accuracy);
  }
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
