// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/update_rate.h"

#include <algorithm>

namespace anchorlens::widgets {

std::int64_t UpdateRate::waitMs(std::int64_t now_ms) const {
  if (m_interval_ms <= kTickMs)
    return 0;
  return std::max<std::int64_t>(0, m_last_ms + m_interval_ms - now_ms);
}

void UpdateRate::updated(std::int64_t now_ms, double cost_ms) {
  m_last_ms = now_ms;
  if (cost_ms > kBudgetMs)
    m_interval_ms = std::min(kLongestMs, m_interval_ms * 2);
  else if (cost_ms < kBudgetMs / 2)
    m_interval_ms = std::max(m_shortest_ms, m_interval_ms / 2);
}

}  // namespace anchorlens::widgets
