// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace anchorlens::widgets {

/// How often a view is drawn anew: at every tick of the window while it keeps its budget; a view
/// over budget halves its own rate, to four times a second at least, and gets it back when it is
/// cheap again. Times are milliseconds of any steady clock.
class UpdateRate {
 public:
  static constexpr double kBudgetMs = 8;
  static constexpr std::int64_t kShortestMs = 33;
  static constexpr std::int64_t kLongestMs = 250;

  /// Whether the time between two updates is over.
  bool isDue(std::int64_t now_ms) const { return waitMs(now_ms) == 0; }
  std::int64_t waitMs(std::int64_t now_ms) const;
  /// An update was made and cost so much.
  void updated(std::int64_t now_ms, double cost_ms);
  std::int64_t intervalMs() const { return m_interval_ms; }

 private:
  std::int64_t m_interval_ms = kShortestMs;
  std::int64_t m_last_ms = -kLongestMs;
};

}  // namespace anchorlens::widgets
