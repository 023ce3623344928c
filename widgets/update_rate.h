// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace anchorlens::widgets {

/// How often a view is drawn anew: at its full rate while it keeps its budget; a view over budget
/// halves its own rate, to four times a second at least, and gets it back when it is cheap again.
/// Times are milliseconds of any steady clock.
class UpdateRate {
 public:
  static constexpr double kBudgetMs = 8;
  static constexpr std::int64_t kTickMs = 33;
  static constexpr std::int64_t kGrowthMs = 100;  ///< of curves that get longer by a pixel or less
  static constexpr std::int64_t kLongestMs = 250;

  /// `shortest_ms`: between two updates at the full rate. Up to `kTickMs` the window's own timer is
  /// the limit.
  explicit UpdateRate(std::int64_t shortest_ms = kTickMs)
      : m_shortest_ms(shortest_ms), m_interval_ms(shortest_ms) {}

  /// Whether the time between two updates is over.
  bool isDue(std::int64_t now_ms) const { return waitMs(now_ms) == 0; }
  std::int64_t waitMs(std::int64_t now_ms) const;
  /// An update was made and cost so much.
  void updated(std::int64_t now_ms, double cost_ms);
  std::int64_t intervalMs() const { return m_interval_ms; }

 private:
  std::int64_t m_shortest_ms;
  std::int64_t m_interval_ms;
  std::int64_t m_last_ms = -kLongestMs;
};

}  // namespace anchorlens::widgets
