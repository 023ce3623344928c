// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment_json.h"
#include "engine/core/study.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The preset demo as a base, and short ways to write axes and seeds.
inline anchorlens::core::StudySpec demoStudy() {
  anchorlens::core::StudySpec study;
  study.name = "widths";
  study.base = anchorlens::core::preset("demo");
  return study;
}

inline anchorlens::core::StudyAxis listAxis(std::string pointer, std::vector<std::string> values) {
  return {std::move(pointer), std::move(values), std::nullopt};
}

inline anchorlens::core::StudyAxis rangeAxis(std::string pointer,
                                             anchorlens::core::StudyRange range) {
  return {std::move(pointer), std::nullopt, range};
}

inline anchorlens::core::StudySeeds someSeeds(int count, std::uint64_t first = 1) {
  anchorlens::core::StudySeeds seeds;
  seeds.first = first;
  seeds.count = count;
  return seeds;
}
