// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorctl/slurm_script.h"

#include <optional>
#include <string>
#include <vector>

namespace anchorlens::ctl {

/// What the command line of a sweep says.
struct SweepOptions {
  std::string study;
  std::string out;
  std::optional<int> jobs;
  std::optional<int> fleet;  ///< most runs that share a GPU's tensors; empty: by a trial
  bool together = false;     ///< with `member`: these are one fleet, in this process
  std::string collect;
  std::vector<std::string> assignments;
  std::string member;  ///< "1-4,7": trains these alone, one of several processes; empty: all
  bool shared = false;
  bool slurm = false;
  bool dry_run = false;
  SlurmRequest request;
  bool json = false;
};

/// Runs that a task of the job array has: --per-task, else as many as --fleet lets train together.
int runsPerTask(const SweepOptions& options);

/// The command that goes on where this one was interrupted. From a task of a job array it submits
/// what is left; what the cluster is asked for is not part of it.
std::string goOnCommand(const SweepOptions& options);

}  // namespace anchorlens::ctl
