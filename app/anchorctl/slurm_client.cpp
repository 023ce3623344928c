// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/slurm_client.h"

#include "app/anchorctl/command_output.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <sstream>

namespace anchorlens::ctl {
namespace {

using core::IoError;
using core::Unexpected;

constexpr std::size_t kDefaultMaxArraySize = 1001;

/// Of tasks that are over; every other state may still train.
constexpr std::array<const char*, 10> kEndStates{
    "BOOT_FAIL", "CANCELLED",     "COMPLETED", "DEADLINE", "FAILED",
    "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "REVOKED",  "TIMEOUT"};

/// The number that a text begins with.
std::optional<std::int64_t> leadingNumber(const std::string& text) {
  std::int64_t number = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  return result.ec == std::errc() ? std::optional(number) : std::nullopt;
}

std::string withoutEnd(std::string text) {
  text.erase(text.find_last_not_of("\n ") + 1);
  return text;
}

/// What a program of Slurm says, as an error of that program.
IoError saidBy(const std::string& program, const CommandOutput& output) {
  const std::string text = withoutEnd(output.text);
  return {program, text.empty() ? "ended with exit code " + std::to_string(output.code) : text};
}

}  // namespace

core::Expected<void, IoError> slurmIsThere() {
  for (const char* program : {"sbatch", "squeue"}) {
    if (runCommand({program, "--version"}).is_missing) {
      return Unexpected(IoError{
          program,
          "there is no such program here. --slurm submits through Slurm: call this on a login node "
          "of its cluster (there perhaps after \"module load slurm\"; on Debian the package "
          "slurm-client has it). --dry-run shows the script without it, and without --slurm the "
          "runs are trained on this machine"});
    }
  }
  return {};
}

std::size_t slurmMaxArraySize() {
  const CommandOutput output = runCommand({"scontrol", "show", "config"});
  const std::string name = "\nMaxArraySize";
  const std::size_t at = output.code == 0 ? output.text.find(name) : std::string::npos;
  const std::size_t value =
      at == std::string::npos ? at : output.text.find_first_of("0123456789", at);
  if (value == std::string::npos) {
    return kDefaultMaxArraySize;
  }
  const auto number = leadingNumber(output.text.substr(value, 20));
  return number ? static_cast<std::size_t>(*number) : kDefaultMaxArraySize;
}

std::set<std::string> slurmNodes(const std::string& partition) {
  std::vector<std::string> words{"sinfo", "--noheader", "--Node", "--format=%n"};
  if (!partition.empty()) {
    words.push_back("--partition=" + partition);
  }
  const CommandOutput output = runCommand(words);
  std::set<std::string> nodes;
  std::istringstream lines(output.code == 0 ? output.text : "");
  for (std::string name; lines >> name;) {
    nodes.insert(name.substr(0, name.find('.')));
  }
  return nodes;
}

core::Expected<std::set<SlurmTaskId>, IoError> slurmLiveTasks(
    const std::vector<std::int64_t>& jobs) {
  std::set<SlurmTaskId> live;
  if (jobs.empty()) {
    return live;
  }
  std::string list;
  for (const std::int64_t job : jobs) {
    list += (list.empty() ? "" : ",") + std::to_string(job);
  }
  const CommandOutput output = runCommand(
      {"squeue", "--noheader", "--array", "--states=all", "--format=%F %K %T", "--jobs=" + list});
  if (output.text.find("Invalid job id") != std::string::npos) {
    return live;  // said of one job alone, once it is forgotten
  }
  if (output.code != 0) {
    return Unexpected(saidBy("squeue", output));
  }
  std::istringstream lines(output.text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    SlurmTaskId task;
    std::string state;
    const bool is_task = static_cast<bool>(fields >> task.first >> task.second >> state);
    if (is_task && std::find(kEndStates.begin(), kEndStates.end(), state) == kEndStates.end()) {
      live.insert(task);
    }
  }
  return live;
}

core::Expected<std::int64_t, IoError> slurmSubmit(const std::filesystem::path& script) {
  const CommandOutput output = runCommand({"sbatch", "--parsable", script.string()});
  if (output.code != 0) {
    return Unexpected(saidBy("sbatch", output));
  }
  // Warnings may come before the number.
  std::istringstream lines(output.text);
  for (std::string line; std::getline(lines, line);) {
    if (const auto job = leadingNumber(line)) {
      return *job;
    }
  }
  return Unexpected(IoError{"sbatch", "named no job: " + withoutEnd(output.text)});
}

void slurmRequeueThisTask() {
  const char* array = std::getenv("SLURM_ARRAY_JOB_ID");
  const char* index = std::getenv("SLURM_ARRAY_TASK_ID");
  if (array == nullptr || index == nullptr) {
    return;
  }
  // Not SLURM_JOB_ID: of one of the tasks it is the array's, which names them all.
  const std::string job = std::string(array) + "_" + index;
  // Preempted or cancelled tasks are no longer running: Slurm requeues the former itself.
  const CommandOutput state = runCommand({"scontrol", "--oneliner", "show", "job", job});
  if (state.code != 0 || state.text.find(" JobState=RUNNING ") == std::string::npos) {
    return;
  }
  const CommandOutput requeued = runCommand({"scontrol", "requeue", job});
  std::cerr << (requeued.code == 0
                    ? "The task goes back into the queue."
                    : "The task could not be put back into the queue; submit again to go on: " +
                          withoutEnd(requeued.text))
            << "\n"
            << std::flush;
}

}  // namespace anchorlens::ctl
