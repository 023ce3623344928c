// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/analysis/weight_arrays.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace anchorlens::ctl {

/// What `circuits` tells of a run's weights at a checkpoint.
struct CircuitsReport {
  std::int64_t step = 0;
  bool is_folded = false;
  bool reads_embedding = false;
  core::ModelSpec model;
  /// What the tables are about; empty: all of the model.
  std::vector<core::analysis::HeadPlace> heads;
  std::vector<core::analysis::NamedArray> arrays;
};

nlohmann::ordered_json circuitsJson(const CircuitsReport& report);
/// array, i, j, value; i and j are empty where an array has fewer axes.
std::string circuitsCsv(const CircuitsReport& report);
std::string circuitsNpz(const CircuitsReport& report);
/// Tables of what can be read at a glance: matrices, and the pairs of heads that compose most.
std::string circuitsText(const CircuitsReport& report);

}  // namespace anchorlens::ctl
