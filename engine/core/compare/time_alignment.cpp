// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/compare/time_alignment.h"

#include "engine/core/scores.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace anchorlens::core {

namespace {

constexpr std::array<std::string_view, kAlignBys> kNames{"step", "emergence", "accuracy"};

/// Of a run whose event is before its record.
std::string beforeText(AlignBy by, const AlignedRun& run) {
  return run.name + " begins with " +
         (by == AlignBy::Emergence ? "a head that broadcasts" : "a test accuracy of 90 %") +
         ", since when is not in its record: equal steps are shown.";
}

std::string whyNot(AlignBy by, const AlignedRun& first, const AlignedRun& second) {
  for (const AlignedRun* run : {&first, &second}) {
    if (run->is_before)
      return beforeText(by, *run);
  }
  const bool is_neither = !first.event && !second.event;
  const std::string who = is_neither    ? "neither " + first.name + " nor " + second.name
                          : first.event ? second.name
                                        : first.name;
  const std::string what =
      by == AlignBy::Emergence
          ? (is_neither ? "has a head that broadcasts yet" : "has no head that broadcasts yet")
          : (is_neither ? "has reached a test accuracy of 90 %"
                        : "has not reached a test accuracy of 90 %");
  std::string text = who + " " + what + ": equal steps are shown.";
  if (is_neither)
    text[0] = 'N';
  return text;
}

}  // namespace

std::string_view alignByName(AlignBy by) {
  return kNames.at(static_cast<std::size_t>(by));
}

std::optional<AlignBy> alignByNamed(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end())
    return std::nullopt;
  return static_cast<AlignBy>(found - kNames.begin());
}

TimeAlignment::TimeAlignment(AlignBy by, const AlignedRun& first, const AlignedRun& second) {
  if (by == AlignBy::Step)
    return;
  if (!first.event || !second.event) {
    m_problem = whyNot(by, first, second);
    return;
  }
  m_first_event = first.event;
  m_second_event = *second.event;
}

double TimeAlignment::map(double step, double from_event, double to_event) const {
  if (!isByEvent())
    return step;
  return step < from_event ? step * to_event / from_event : to_event + (step - from_event);
}

double TimeAlignment::firstAt(double second_step) const {
  return map(second_step, static_cast<double>(m_second_event),
             static_cast<double>(m_first_event.value_or(0)));
}

std::int64_t TimeAlignment::secondAt(std::int64_t first_step) const {
  return std::llround(map(static_cast<double>(first_step),
                          static_cast<double>(m_first_event.value_or(0)),
                          static_cast<double>(m_second_event)));
}

std::int64_t TimeAlignment::firstAt(std::int64_t second_step) const {
  return std::llround(firstAt(static_cast<double>(second_step)));
}

std::optional<std::int64_t> firstReached(const std::vector<std::int64_t>& steps,
                                         const std::vector<double>& values, double threshold) {
  if (hasEmergedBefore(steps, values, threshold))
    return std::nullopt;
  for (std::size_t i = 0; i < std::min(steps.size(), values.size()); ++i) {
    if (values[i] >= threshold)
      return steps[i];
  }
  return std::nullopt;
}

}  // namespace anchorlens::core
