// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The job array that trains the runs of a study: which task trains what, and its script.
namespace anchorlens::ctl {

/// What every task asks the cluster for, in sbatch's own words; empty: the cluster's default.
struct SlurmRequest {
  std::string partition;
  std::string time;
  std::string gres;
  std::string mem;
  std::optional<int> cpus_per_task;
  std::optional<int> per_task;      ///< runs of a task
  std::vector<std::string> setup;   ///< lines of shell before the training
  std::vector<std::string> sbatch;  ///< further options
};

/// One task of the array. Members count from 0.
struct SlurmTask {
  std::size_t index = 0;  ///< of the array
  std::vector<std::size_t> members;
};

/// "1-4,7" of ascending members 0 1 2 3 6: in words members are counted from 1, as their folders.
std::string memberRanges(const std::vector<std::size_t>& members);
/// The members that such a text names, ascending; empty when it is none or goes past `count`.
std::optional<std::vector<std::size_t>> parseRanges(std::string_view text, std::size_t count);

/// `per_task` members a task, more where there would be more tasks than an array of
/// `max_array_size` (Slurm's MaxArraySize, at least 2) can have. A task's index is the number of
/// its first member where that can be.
std::vector<SlurmTask> slurmTasks(const std::vector<std::size_t>& members, int per_task,
                                  std::size_t max_array_size);

/// Seconds of a time limit as Slurm takes it: minutes, m:s, h:m:s, d-h, d-h:m, d-h:m:s; 0 for
/// "UNLIMITED" and "INFINITE". Empty when it is none of them.
std::optional<std::int64_t> slurmSeconds(std::string_view text);

/// Runs are told to save so long before the time limit.
inline constexpr int kSlurmSaveSeconds = 120;
/// The least time limit that makes sense: Slurm may tell a minute too early.
inline constexpr int kLeastSlurmSeconds = 300;

/// What the script needs to know beside the request.
struct SlurmScript {
  std::string name;               ///< of the job
  std::filesystem::path program;  ///< this anchorctl
  std::filesystem::path folder;   ///< of the study, absolute
  int cpus = 1;                   ///< of a task
  std::size_t jobs = 1;           ///< runs of a task at once
  std::optional<int> fleet;       ///< most that share tensors
};

std::string slurmScript(const SlurmScript& script, const SlurmRequest& request,
                        const std::vector<SlurmTask>& tasks);

}  // namespace anchorlens::ctl
