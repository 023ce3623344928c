// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/speed_meter.h"

#include <algorithm>
#include <cmath>

namespace anchorlens::app {

namespace {
constexpr Micros kWindow{2'000'000};
constexpr Micros kShortest{500'000};
}  // namespace

void SpeedMeter::add(Micros now, std::int64_t step) {
  if (!m_samples.empty() && step < m_samples.back().step)
    m_samples.clear();
  m_samples.push_back({now, step});
  // The oldest sample kept is the last one before the window, so that the mean covers all of it.
  while (m_samples.size() > 2 && now - m_samples[1].time >= kWindow)
    m_samples.pop_front();
}

std::optional<double> SpeedMeter::stepsPerSecond() const {
  if (m_samples.size() < 2)
    return std::nullopt;
  const Micros span = m_samples.back().time - m_samples.front().time;
  if (span < kShortest)
    return std::nullopt;
  return static_cast<double>(m_samples.back().step - m_samples.front().step) * 1e6 /
         static_cast<double>(span.count());
}

std::optional<std::int64_t> SpeedMeter::secondsLeft(std::int64_t total) const {
  const auto speed = stepsPerSecond();
  if (!speed || *speed <= 0)
    return std::nullopt;
  const auto steps = std::max<std::int64_t>(0, total - m_samples.back().step);
  return static_cast<std::int64_t>(std::ceil(static_cast<double>(steps) / *speed));
}

}  // namespace anchorlens::app
