// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// Slurm, through its own programs.
namespace anchorlens::ctl {

/// Whether sbatch and squeue are here; the error says what to do.
core::Expected<void, core::IoError> slurmIsThere();

/// The cluster's MaxArraySize; Slurm's default where it does not say.
std::size_t slurmMaxArraySize();

/// Host names of the nodes of a partition (empty: of all), without their domains; empty where the
/// cluster does not say.
std::set<std::string> slurmNodes(const std::string& partition);

/// A task of a job array: the array's job, the index.
using SlurmTaskId = std::pair<std::int64_t, std::size_t>;

/// The tasks of these jobs that wait, run or are about to end. Jobs that Slurm has forgotten have
/// none.
core::Expected<std::set<SlurmTaskId>, core::IoError> slurmLiveTasks(
    const std::vector<std::int64_t>& jobs);

/// The number of the job; the error is what sbatch says.
core::Expected<std::int64_t, core::IoError> slurmSubmit(const std::filesystem::path& script);

/// For a task that was told to save: back into the queue when Slurm itself has not ended the task
/// (the time limit is near), with a line on standard error. Nothing outside of a job.
void slurmRequeueThisTask();

}  // namespace anchorlens::ctl
