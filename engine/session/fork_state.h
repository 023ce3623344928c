// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "engine/core/store/checkpoint.h"
#include "engine/session.h"

#include <string>

namespace anchorlens::engine {

/// Makes a parent's state one that a fork with other settings goes on from: generators of another
/// seed begin anew, and of another optimiser's moments none are kept. `state` has the parent's
/// step; `trainer` is the fork's. Says what was done, a sentence each with a space before it.
std::string adaptToFork(core::Checkpoint& state, const core::ExperimentSpec& parent,
                        const core::ExperimentSpec& fork, const Trainer& trainer);

}  // namespace anchorlens::engine
