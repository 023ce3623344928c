// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session.h"

#include <string>

namespace anchorlens::ctl {

struct FleetSpeed {
  double ms_per_step = 0;      ///< of one run, while the others train too
  double sequences_per_s = 0;  ///< of all runs
  std::string path_detail;     ///< engine::BenchResult
};

/// Trains `members` runs at once for about `seconds`, one pinned thread a core, hardware threads of
/// a core that is taken last; runs that share one take turns, a step each.
engine::Result<FleetSpeed> benchFleet(engine::EngineModule& engine,
                                      const core::ExperimentSpec& spec, int members,
                                      double seconds);

/// The same of runs that share their tensors (engine::TrainerFleet), a thread each.
engine::Result<FleetSpeed> benchTogether(engine::EngineModule& engine,
                                         const core::ExperimentSpec& spec, int members,
                                         double seconds);

}  // namespace anchorlens::ctl
