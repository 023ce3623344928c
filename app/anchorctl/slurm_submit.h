// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorctl/sweep_options.h"
#include "engine/core/study.h"

#include <CLI/CLI.hpp>

namespace anchorlens::ctl {

/// --slurm and what goes with it.
void addSlurmOptions(CLI::App& command, SweepOptions& options);

/// Whether the options go together; prints all errors.
bool slurmOptionsAreRight(const SweepOptions& options, const core::StudyPlan& plan);

/// Submits the runs that are neither over nor in the queue as a job array, or prints its script;
/// the options are right. The exit code.
int submitToSlurm(const SweepOptions& options, const core::StudyPlan& plan);

}  // namespace anchorlens::ctl
