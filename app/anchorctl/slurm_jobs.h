// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorctl/slurm_script.h"
#include "engine/core/error.h"
#include "engine/core/expected.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace anchorlens::ctl {

/// Of a study's folder: scripts, logs of tasks, and the jobs that may still be in the queue.
inline constexpr const char* kSlurmFolder = "slurm";

/// A job array that was submitted.
struct SlurmJob {
  std::int64_t id = 0;
  std::string script;     ///< its name in the folder of Slurm
  std::string submitted;  ///< UTC
  std::vector<SlurmTask> tasks;
};

/// What FOLDER/slurm/jobs.json says; nothing when it is not there. `members`: of the study.
core::Expected<std::vector<SlurmJob>, core::IoError> readSlurmJobs(
    const std::filesystem::path& folder, std::size_t members);
core::Expected<void, core::IoError> writeSlurmJobs(const std::filesystem::path& folder,
                                                   const std::vector<SlurmJob>& jobs);

}  // namespace anchorlens::ctl
