// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

/// Sudden rises of the loss of single steps. Definition: docs/timeline.md, "Spikes".
namespace anchorlens::core {

struct LossSpike {
  std::int64_t step = 0;  ///< where it is highest
  double loss = 0;        ///< there
  double usual = 0;       ///< median of the steps before that one
};

/// Is fed the loss of each step in order; a spike is known from its first step on and moves while
/// it grows.
class SpikeFinder {
 public:
  static constexpr std::size_t kWindow = 50;  ///< steps before, that tell what is usual
  static constexpr std::size_t kLeastWindow = 20;
  static constexpr double kLeastFactor = 2;  ///< over the median
  static constexpr double kDeviations = 6;   ///< robust standard deviations of ln(loss)

  /// Losses that are not finite or not positive are passed over.
  void add(std::int64_t step, double loss);
  const std::vector<LossSpike>& spikes() const { return m_spikes; }

 private:
  double median() const;
  bool isHigh(double value) const;
  void remember(double value);

  std::deque<double> m_recent;   ///< ln(loss) of the window, in their order
  std::vector<double> m_sorted;  ///< the same, ascending
  std::size_t m_since_high = kWindow;
  std::vector<LossSpike> m_spikes;
};

}  // namespace anchorlens::core
