// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/loss_spikes.h"

#include <algorithm>
#include <cmath>

namespace anchorlens::core {

namespace {

/// Standard deviations per median absolute deviation, of a normal distribution.
constexpr double kNormal = 1.4826;

double middle(const std::vector<double>& sorted) {
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

}  // namespace

double SpikeFinder::median() const {
  return middle(m_sorted);
}

bool SpikeFinder::isHigh(double value) const {
  if (m_sorted.size() < kLeastWindow) {
    return false;
  }
  const double usual = median();
  const double rise = value - usual;
  if (rise <= std::log(kLeastFactor)) {
    return false;
  }
  std::vector<double> deviations;
  deviations.reserve(m_sorted.size());
  for (const double other : m_sorted) {
    deviations.push_back(std::abs(other - usual));
  }
  std::sort(deviations.begin(), deviations.end());
  return rise > kDeviations * kNormal * middle(deviations);
}

void SpikeFinder::remember(double value) {
  m_recent.push_back(value);
  m_sorted.insert(std::upper_bound(m_sorted.begin(), m_sorted.end(), value), value);
  if (m_recent.size() > kWindow) {
    m_sorted.erase(std::lower_bound(m_sorted.begin(), m_sorted.end(), m_recent.front()));
    m_recent.pop_front();
  }
}

void SpikeFinder::add(std::int64_t step, double loss) {
  if (!(loss > 0) || !std::isfinite(loss)) {
    return;
  }
  const double value = std::log(loss);
  if (isHigh(value)) {
    const bool is_new = m_since_high >= kWindow;
    const LossSpike spike{step, loss, std::exp(median())};
    if (is_new) {
      m_spikes.push_back(spike);
    } else if (loss > m_spikes.back().loss) {
      m_spikes.back() = spike;
    }
    m_since_high = 0;
  } else {
    ++m_since_high;
  }
  remember(value);
}

}  // namespace anchorlens::core
