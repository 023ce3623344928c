// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/untested.h"

#include "app/anchorlens/export/export_text.h"

namespace anchorlens::app {

void markUntested(std::vector<widgets::BadgeInfo>& badges, std::int64_t step, int n_heads,
                  const std::vector<engine::CausalRecord>& tests) {
  for (std::size_t i = 0; i < badges.size(); ++i) {
    widgets::BadgeInfo& badge = badges[i];
    const int index = static_cast<int>(i);
    const bool is_claim =
        badge.state == core::LabelState::Entered && badge.mechanism != widgets::Mechanism::None;
    if (!is_claim || engine::showsNeed(tests, step, {index / n_heads, index % n_heads}))
      continue;
    for (const char* word : {"Shift", "Broadcast"}) {
      const QString claim = QString::fromLatin1(word);
      badge.text.replace(claim, tr("%1 pattern").arg(claim));
      badge.short_text.replace(claim, tr("%1 pattern").arg(claim));
    }
  }
}

}  // namespace anchorlens::app
