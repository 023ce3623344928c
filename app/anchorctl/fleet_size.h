// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// How many runs a GPU should train together.
namespace anchorlens::ctl {

/// Sequences a second of so many runs at once, all together; empty: it cannot be measured, as where
/// memory has no room for so many.
using MeasureSpeed = std::function<std::optional<double>(std::size_t at_once)>;

struct FleetSize {
  std::size_t runs = 0;  ///< 0: not even one could be measured
  std::string trials;    ///< what was measured, for people
};

/// Measures 1, 2, 4, .. runs, and `most` at last. As long as more runs are 5 % faster together than
/// fewer, they are taken.
FleetSize fleetSize(std::size_t most, const MeasureSpeed& measure);

/// Measures in processes of their own, which leave no memory behind: `anchorctl bench --fleet`.
/// With a `gpu` they see no other. Why one of them failed is said on standard error.
MeasureSpeed speedInAProcess(const core::ExperimentSpec& spec, std::optional<int> gpu);

/// The number of "sequences_per_s" in what such a process printed among other words.
std::optional<double> speedIn(const std::string& printed);

}  // namespace anchorlens::ctl
