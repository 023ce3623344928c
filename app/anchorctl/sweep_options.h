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

}  // namespace anchorlens::ctl
