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
  /// Of each setting of the study the number of its shape; empty: its runs are trained alone.
  std::vector<std::optional<std::size_t>> shapes;
};

/// GPUs that this machine has for runs of the study. Opens the engine only where there is one to
/// ask for.
std::size_t gpusFor(const core::StudyPlan& plan);

/// Of `gpus` GPUs those that its processes are to be spread over: all, where there are several and
/// the study leaves it open which one trains.
std::vector<int> gpusToSpread(const core::StudyPlan& plan, std::size_t gpus);

/// The GPU that the fewest processes have; `taken` has one entry for each process that has one.
/// Empty where there are none to spread over.
std::optional<int> gpuOfFewest(const std::vector<int>& gpus, const std::vector<int>& taken);

/// Fleets are for runs that a GPU trains, and for kernel "fleet" on any device; `most_runs` 1 means
/// none. One at once, or one for each GPU of those that are spread over.
FleetWay fleetWayOf(const core::StudyPlan& plan, std::size_t most_runs, std::size_t gpus);

/// Numbers of the shapes of all settings, for a machine with or without a GPU.
std::vector<std::optional<std::size_t>> fleetShapes(const core::StudyPlan& plan, bool has_gpu);

/// What the most runs have in common.
struct CommonShape {
  core::ExperimentSpec spec;  ///< of one of them
  std::size_t runs = 0;
};
/// Empty where all are trained alone.
std::optional<CommonShape> commonestShape(const core::StudyPlan& plan,
                                          const std::vector<std::optional<std::size_t>>& shapes);

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
