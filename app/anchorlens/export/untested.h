// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session/causal_record.h"
#include "widgets/badge.h"

#include <cstdint>
#include <vector>

namespace anchorlens::app {

/// A head that no causal test has shown to be needed has a pattern, no more: its badge says so.
/// `badges` [layer * n_heads + head].
void markUntested(std::vector<widgets::BadgeInfo>& badges, std::int64_t step, int n_heads,
                  const std::vector<engine::CausalRecord>& tests);

}  // namespace anchorlens::app
