// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/sweep_options.h"

#include "app/anchorctl/report.h"
#include "engine/core/study.h"

#include <filesystem>

namespace anchorlens::ctl {

int runsPerTask(const SweepOptions& options) {
  return options.request.per_task.value_or(options.fleet.value_or(1));
}

std::string goOnCommand(const SweepOptions& options) {
  const std::string file = (std::filesystem::path(options.out) / core::kStudyFile).string();
  std::string command = "anchorctl sweep " + shellWord(file) + " --out " + shellWord(options.out);
  if (!options.member.empty()) {
    command += " --slurm";
  } else if (options.jobs) {
    command += " --jobs " + std::to_string(*options.jobs);
  }
  command += options.fleet ? " --fleet " + std::to_string(*options.fleet) : "";
  command += options.shared ? " --shared" : "";
  return command;
}

}  // namespace anchorlens::ctl
