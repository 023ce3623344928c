// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorctl/fleet_size.h"
#include "app/anchorctl/sweep_fleets.h"
#include "app/anchorctl/sweep_options.h"
#include "engine/core/study.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace anchorlens::ctl {

/// How members are trained.
struct SweepWay {
  std::size_t jobs = 1;    ///< runs that are trained alone, at once
  std::vector<int> cores;  ///< each process stays on one of them; empty: none does
  /// GPUs that the processes are spread over; empty: they take the device that the study names.
  std::vector<int> gpus;
  bool is_shared = false;  ///< the folder is on a network file system
  FleetWay fleets;         ///< beside these
};

/// Runs that have room at once: one for each `threads` cores, as far as the memory reaches; at
/// least one. `run_bytes` is what the largest run's process takes; 0 available bytes: not known.
std::size_t jobsThatFit(std::size_t cores, std::size_t threads, double available_bytes,
                        double run_bytes);

/// Whichever of two numbers of runs at once trains more sequences a second, measured in turns;
/// `fewer` where it cannot be measured.
std::size_t fasterJobs(std::size_t fewer, std::size_t more, const MeasureSpeed& measure);

/// Runs that may share their tensors do so in fleets (FleetWay), on a GPU in as large ones as a
/// trial of some seconds finds fast, where --fleet does not say how large. Of the others
/// as many at once as --jobs says or as fit; where a run takes one thread and there is a core for
/// each process, they stay on their cores. Where cores have
/// several hardware threads a second's trial tells whether to use them all, if
/// more than one a core are `left` to train. Says on standard error
/// when memory is the limit, and what the trials found.
SweepWay wayOf(const SweepOptions& options, const core::StudyPlan& plan, std::size_t left);

}  // namespace anchorlens::ctl
