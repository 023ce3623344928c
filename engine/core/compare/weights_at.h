// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/compare/match_heads.h"

#include <cstdint>
#include <filesystem>

namespace anchorlens::core {

/// A run at a step.
struct RunMoment {
  std::filesystem::path run;
  std::int64_t step = 0;
  bool operator==(const RunMoment&) const = default;
};

/// Distances of the weights of two checkpoints, and whose they are: the last ones at or before the
/// steps, or the first where there is none before.
struct WeightsCompared {
  HeadDistances distances;
  std::int64_t first_step = 0;
  std::int64_t second_step = 0;
};
Expected<WeightsCompared, IoError> compareWeights(const RunMoment& first, const RunMoment& second);

}  // namespace anchorlens::core
