// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/command.h"
#include "app/anchorctl/report.h"
#include "app/anchorctl/slurm_submit.h"
#include "app/anchorctl/sweep_settings.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace anchorlens::ctl {
namespace {

using Errors = std::vector<std::pair<std::string, std::string>>;  ///< option, what is wrong

void checkTime(const SlurmRequest& request, Errors& errors) {
  if (request.time.empty()) {
    return;
  }
  const auto seconds = slurmSeconds(request.time);
  if (!seconds) {
    errors.emplace_back("--time",
                        "expected minutes, h:m:s, d-h or d-h:m:s, got \"" + request.time + "\"");
  } else if (*seconds > 0 && *seconds < kLeastSlurmSeconds) {
    errors.emplace_back("--time", request.time + " is too short: runs are told to save two " +
                                      "minutes before the end; expected at least 5 minutes");
  }
}

void checkCpus(const SlurmRequest& request, const core::StudyPlan& plan, Errors& errors) {
  const int threads = mostThreads(plan);
  if (request.cpus_per_task && *request.cpus_per_task < threads) {
    errors.emplace_back("--cpus-per-task",
                        "a run takes /training/threads = " + std::to_string(threads) +
                            "; expected at least as many, got " +
                            std::to_string(*request.cpus_per_task));
  }
}

/// They become lines of a script.
void checkLines(const SweepOptions& options, Errors& errors) {
  const SlurmRequest& request = options.request;
  const auto check = [&errors](const std::string& option, const std::string& text) {
    if (text.find_first_of("\n\r") != std::string::npos) {
      errors.emplace_back(option, "expected one line; for several the option is given again");
    }
  };
  for (const std::string& line : request.setup) {
    check("--setup", line);
  }
  for (const std::string& line : request.sbatch) {
    check("--sbatch", line);
    if (line.rfind("-", 0) != 0) {
      errors.emplace_back(
          "--sbatch",
          "expected an option of sbatch as in --sbatch=--qos=long, got \"" + line + "\"");
    }
  }
  check("--partition", request.partition);
  check("--gres", request.gres);
  check("--mem", request.mem);
  if (options.out.find_first_of("\n\r\\") != std::string::npos) {
    errors.emplace_back("--out",
                        "a folder whose name has a line break or a backslash cannot be "
                        "named to Slurm; expected another one");
  }
}

}  // namespace

void addSlurmOptions(CLI::App& command, SweepOptions& options) {
  SlurmRequest& request = options.request;
  CLI::Option* slurm = command.add_flag(
      "--slurm", options.slurm, "Train nothing here: submit the runs that are left as a job array");
  const std::string kGroup = "Slurm";
  slurm->group(kGroup);
  const auto add = [&](CLI::Option* option) { return option->group(kGroup)->needs(slurm); };
  add(command.add_flag("--dry-run", options.dry_run, "Print the script and submit nothing"));
  add(command.add_option("--per-task", request.per_task,
                         "Runs of a task of the array (default: those of --fleet, else 1): as "
                         "many at once as its cores allow, the others after them"))
      ->transform(decimal(1, 10000));
  add(command.add_option("--partition", request.partition, "Partition of the cluster"));
  add(command.add_option("--time", request.time,
                         "Time limit of a task, as 30, 12:00:00 or 2-00:00:00; what is not "
                         "finished by then goes on in the next one"));
  add(command.add_option("--gres", request.gres, "GPUs of a task: gpu:1"));
  add(command.add_option("--cpus-per-task", request.cpus_per_task,
                         "Cores of a task (default: the threads of a run)"))
      ->transform(decimal(1, 4096));
  add(command.add_option("--mem", request.mem, "Memory of a task: 4G"));
  add(command.add_option("--setup", request.setup,
                         "A line of shell that a task runs first: 'module load ...' (any number "
                         "of times)"))
      ->allow_extra_args(false);
  add(command.add_option("--sbatch", request.sbatch,
                         "A further option of sbatch: --sbatch=--qos=long (any number of times)"))
      ->allow_extra_args(false);
}

bool slurmOptionsAreRight(const SweepOptions& options, const core::StudyPlan& plan) {
  Errors errors;
  if (options.jobs) {
    errors.emplace_back("--jobs",
                        "says how many runs this machine trains at once; with --slurm, "
                        "--per-task and --cpus-per-task say what a task trains");
  }
  if (!options.collect.empty()) {
    errors.emplace_back("--collect",
                        "trains nothing, so there is nothing to submit; leave --slurm out");
  }
  checkTime(options.request, errors);
  checkCpus(options.request, plan, errors);
  checkLines(options, errors);
  for (const auto& [option, message] : errors) {
    printError(option, message);
  }
  return errors.empty();
}

}  // namespace anchorlens::ctl
