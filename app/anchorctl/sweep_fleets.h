// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/study.h"

#include <cstddef>
#include <deque>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace anchorlens::ctl {

/// How runs of equal shape are trained together (engine::TrainerFleet).
struct FleetWay {
  std::size_t at_once = 0;    ///< fleets, each in a process of its own; 0: every run is alone
  std::size_t most_runs = 1;  ///< of a fleet
  /// GPUs that fleets are spread over, one each; empty: on the device that the study names.
  std::vector<int> gpus;
  /// Of each setting of the study the number of its shape; empty: its runs are trained alone.
  std::vector<std::optional<std::size_t>> shapes;
};

/// Fleets are for runs that a GPU trains, and for kernel "fleet" on any device; `most_runs` 1 means
/// none. Opens the engine only where there is a GPU to ask for.
FleetWay fleetWayOf(const core::StudyPlan& plan, std::size_t most_runs);

/// Numbers of the shapes of all settings, for a machine with or without a GPU.
std::vector<std::optional<std::size_t>> fleetShapes(const core::StudyPlan& plan, bool has_gpu);

/// Says the shape of a run of the study.
using ShapeOf = std::function<std::optional<std::size_t>(std::size_t member)>;

/// Takes the runs of the next fleet out of `waiting`: the first that has a shape and others of it,
/// in their order, no more than a fair share of them for each of the `places` that are free, and at
/// most `most_runs`. Empty when none waits.
std::vector<std::size_t> takeFleet(std::deque<std::size_t>& waiting, std::size_t most_runs,
                                   std::size_t places, const ShapeOf& shape_of);

/// Whether a run that is there may go on in a fleet: it was begun by that path, and nothing is
/// changed in it while it trains. One that is not there yet may.
bool mayJoinFleet(const std::filesystem::path& run);

/// What CUDA_VISIBLE_DEVICES is for a process that shall see one GPU: the `gpu`-th of those that
/// this process sees. `visible`: what it is for this process; null: not set.
std::string visibleDevice(const char* visible, int gpu);

}  // namespace anchorlens::ctl
