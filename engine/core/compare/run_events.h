// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace anchorlens::core {

/// When what comparisons go by happened in a run; none: not (yet), or before its record begins
/// (hasEmergedBefore()).
struct RunEvents {
  struct Head {
    std::optional<std::int64_t> shift;  ///< emergence: scores.h
    std::optional<std::int64_t> broadcast;
  };
  std::vector<Head> heads;            ///< [layer * n_heads + head]
  std::optional<std::int64_t> shift;  ///< the first of any head
  std::optional<std::int64_t> broadcast;
  std::optional<std::int64_t> accuracy;  ///< the first evaluation with test accuracy 90 %
  bool is_broadcast_before = false;      ///< of some head
  bool is_accuracy_before = false;
};

RunEvents runEvents(const std::vector<RunReader::FrameScores>& frames,
                    const std::vector<Metrics>& metrics);

/// The last of ascending `steps` at or before `step`, else the first; none without any.
std::optional<std::int64_t> stepShownAt(const std::vector<std::int64_t>& steps, std::int64_t step);

}  // namespace anchorlens::core
