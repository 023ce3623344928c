// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/replay_pace.h"

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

void ReplayPace::setRate(double frames_per_second) {
  m_rate = std::clamp(frames_per_second, kRates.front(), kRates.back());
}

double ReplayPace::rateAfter(int by) const {
  const auto nearest = std::min_element(kRates.begin(), kRates.end(), [this](double a, double b) {
    return std::abs(std::log(a / m_rate)) < std::abs(std::log(b / m_rate));
  });
  const auto index = std::clamp<std::ptrdiff_t>(nearest - kRates.begin() + by, 0,
                                                static_cast<std::ptrdiff_t>(kRates.size()) - 1);
  return kRates[static_cast<std::size_t>(index)];
}

void ReplayPace::start() {
  m_elapsed_ms = 0;
  m_due = 0;
}

int ReplayPace::advance(double ms, int left) {
  m_elapsed_ms += ms;
  double speed = m_rate / 1000;
  if (m_is_eased) {
    const double ramp = std::max(1.0, speed * kEaseMs);
    const double share = std::min(m_elapsed_ms / kEaseMs, left / ramp);
    speed *= std::clamp(share, kSlowest, 1.0);
  }
  m_due += speed * ms;
  const int frames = std::min(static_cast<int>(m_due), left);
  m_due = std::min(m_due - frames, 1.0);
  return frames;
}

}  // namespace anchorlens::widgets
