// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/scores.h"
#include "engine/core/store/run_store.h"
#include "engine/core/task/task.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace anchorlens::ctl {

/// One head at one step, with what came before it in the run's frames.
struct HeadReport {
  int layer = 0;
  int head = 0;
  core::HeadScores scores;
  core::HeadLabel label;  ///< with hysteresis over the frames up to the step
  std::optional<std::int64_t> shift_emergence;
  std::optional<std::int64_t> broadcast_emergence;
};

using History = std::vector<core::RunReader::FrameScores>;

/// Scores of the run's frames before `step`.
core::Expected<History, core::IoError> scoreHistory(const std::string& run, std::int64_t step);

/// `scores` are those of `step`: [layer * n_heads + head].
std::vector<HeadReport> labelHeads(const History& history, std::int64_t step,
                                   const std::vector<core::HeadScores>& scores, int n_heads);

nlohmann::ordered_json scoreJson(std::int64_t step, const std::vector<HeadReport>& heads,
                                 const core::Task& task);
std::string scoreTable(const std::vector<HeadReport>& heads, const core::Task& task);

}  // namespace anchorlens::ctl
