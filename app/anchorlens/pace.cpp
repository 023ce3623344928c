// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/pace.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace anchorlens::app {

namespace {
constexpr double kMicrosPerSecond = 1e6;
/// Steps that may be made up for at once, as time on the line of due steps.
constexpr Micros kLargestBacklog{100'000};
constexpr Micros kLiveInterval{33'000};
constexpr int kPacedShare = 5;
constexpr int kFullSpeedShare = 80;
}  // namespace

void Pace::setLimit(std::optional<double> steps_per_second) {
  m_limit = steps_per_second;
  restart();
}

Slice Pace::next(Micros now, std::int64_t step) {
  if (!m_limit || *m_limit <= 0)
    return {std::numeric_limits<std::int64_t>::max(), Micros{0}};
  if (!m_has_anchor) {
    m_has_anchor = true;
    m_anchor_time = now;
    m_anchor_step = step;
  }
  const double rate = *m_limit / kMicrosPerSecond;
  const auto backlog_steps =
      std::max<double>(1.0, std::floor(rate * static_cast<double>(kLargestBacklog.count())));
  double due = std::floor(rate * static_cast<double>((now - m_anchor_time).count())) + 1 -
               static_cast<double>(step - m_anchor_step);
  if (due > backlog_steps) {
    m_anchor_time = now;
    m_anchor_step = step;
    due = 1;
  }
  if (due >= 1)
    return {static_cast<std::int64_t>(due), Micros{0}};
  const double next_due = static_cast<double>(step - m_anchor_step) / rate;
  const Micros wait = m_anchor_time + Micros{static_cast<std::int64_t>(std::ceil(next_due))} - now;
  return {0, std::max(wait, Micros{1})};
}

bool isLiveFrameDue(Micros since_last, Micros cost_of_last, bool is_full_speed) {
  const int share = is_full_speed ? kFullSpeedShare : kPacedShare;
  return since_last >= std::max(kLiveInterval, (share - 1) * cost_of_last);
}

}  // namespace anchorlens::app
