// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/slurm_submit.h"

#include "app/anchorctl/command.h"
#include "app/anchorctl/report.h"
#include "app/anchorctl/slurm_client.h"
#include "app/anchorctl/slurm_jobs.h"
#include "app/anchorctl/study_folder.h"
#include "app/anchorctl/sweep_report.h"
#include "app/anchorctl/sweep_settings.h"
#include "engine/core/store/checkpoint.h"
#include "engine/core/store/run_place.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <set>
#include <system_error>

namespace anchorlens::ctl {
namespace fs = std::filesystem;
namespace {

using State = core::MemberFacts::State;

/// What there is to submit.
struct Remaining {
  std::vector<MemberResult> results;
  std::vector<SlurmJob> live_jobs;   ///< with tasks in the queue
  std::vector<std::size_t> members;  ///< to be submitted
  std::size_t queued = 0;            ///< members that a task in the queue has
  std::size_t held = 0;              ///< that are trained outside of these
};

/// Nodes that would not see a folder of a local disk; empty when they would, or nobody knows.
std::string nodesWithoutFolder(const SweepOptions& options) {
  if (options.shared || core::isNetworkFileSystem(options.out)) {
    return "";
  }
  std::string host = core::LockHolder::self().host;
  host = host.substr(0, host.find('.'));
  std::string others;
  for (const std::string& node : slurmNodes(options.request.partition)) {
    if (node != host && others.size() < 60) {
      others += (others.empty() ? "" : ", ") + node;
    }
  }
  return others;
}

bool tasksSeeFolder(const SweepOptions& options) {
  const std::string others = nodesWithoutFolder(options);
  if (!others.empty()) {
    printError(options.out, "is on a disk of this machine, and tasks on other nodes (" + others +
                                ") could not see it; expected a folder on a file system that they "
                                "share (--shared says that this one is)");
  }
  return others.empty();
}

/// Which jobs are still in the queue, and which members their tasks have.
bool lookAtQueue(const fs::path& folder, Remaining& remaining, std::set<std::size_t>& queued) {
  const auto jobs = readSlurmJobs(folder, remaining.results.size());
  if (!jobs) {
    printError("", jobs.error().text());
    return false;
  }
  std::vector<std::int64_t> ids;
  for (const SlurmJob& job : *jobs) {
    ids.push_back(job.id);
  }
  const auto live = slurmLiveTasks(ids);
  if (!live) {
    printError("", live.error().text());
    return false;
  }
  for (const SlurmJob& job : *jobs) {
    bool is_live = false;
    for (const SlurmTask& task : job.tasks) {
      if (live->count({job.id, task.index}) > 0) {
        is_live = true;
        queued.insert(task.members.begin(), task.members.end());
      }
    }
    if (is_live) {
      remaining.live_jobs.push_back(job);
    }
  }
  return true;
}

std::optional<Remaining> lookAtMembers(const SweepOptions& options, const core::StudyPlan& plan) {
  Remaining remaining;
  remaining.results.resize(plan.members.size());
  std::set<std::size_t> queued;
  // The queue first: a task that ends meanwhile has then finished its runs, or is seen as queued.
  if (!lookAtQueue(options.out, remaining, queued)) {
    return std::nullopt;
  }
  for (std::size_t member = 0; member < plan.members.size(); ++member) {
    core::MemberFacts& facts = remaining.results[member].facts;
    facts = core::readMember(plan, member, options.out);
    if (facts.state == State::Finished || facts.state == State::Failed) {
      continue;
    }
    if (queued.count(member) > 0) {
      ++remaining.queued;
    } else if (facts.state == State::Held) {
      ++remaining.held;
    } else {
      remaining.members.push_back(member);
    }
  }
  return remaining;
}

SlurmScript scriptFacts(const SweepOptions& options, const core::StudyPlan& plan) {
  SlurmScript script;
  std::error_code ignored;
  script.name = plan.study.name;
  script.program = fs::read_symlink("/proc/self/exe", ignored);
  script.folder = fs::absolute(options.out).lexically_normal();
  if (script.folder.filename().empty()) {
    script.folder = script.folder.parent_path();
  }
  const int threads = mostThreads(plan);
  script.cpus = options.request.cpus_per_task.value_or(threads);
  script.jobs =
      static_cast<std::size_t>(std::clamp(script.cpus / threads, 1, runsPerTask(options)));
  script.fleet = options.fleet;
  return script;
}

std::vector<SlurmTask> tasksOf(const SweepOptions& options,
                               const std::vector<std::size_t>& members) {
  const std::size_t most = slurmMaxArraySize();
  if (most < 2) {
    printError("--slurm", "this cluster has no job arrays (MaxArraySize is " +
                              std::to_string(most) + "); its administrator can allow them");
    return {};
  }
  const int wanted = runsPerTask(options);
  auto tasks = slurmTasks(members, wanted, most);
  const std::size_t per_task = tasks.front().members.size();
  if (per_task > static_cast<std::size_t>(wanted)) {
    std::cerr << "A task trains " << per_task << " runs, one after another: an array of this "
              << "cluster has at most " << most - 1 << " tasks.\n";
  }
  return tasks;
}

/// "12 of 40 runs are finished, 1 failed, 27 in the queue"
std::string stateText(const Remaining& remaining) {
  const std::size_t failed = static_cast<std::size_t>(std::count_if(
      remaining.results.begin(), remaining.results.end(),
      [](const MemberResult& result) { return result.facts.state == State::Failed; }));
  std::string text = std::to_string(finishedRuns(remaining.results)) + " of " +
                     std::to_string(remaining.results.size()) + " runs are finished";
  text += failed > 0 ? ", " + std::to_string(failed) + " failed" : "";
  text += remaining.queued > 0 ? ", " + std::to_string(remaining.queued) + " in the queue" : "";
  text += remaining.held > 0 ? ", " + std::to_string(remaining.held) + " trained elsewhere" : "";
  return text;
}

/// What is said of a submission, or of none: `job` is empty then.
void tell(const SweepOptions& options, const Remaining& remaining, const SlurmJob* job) {
  if (options.json) {
    nlohmann::ordered_json json{{"job", nullptr}, {"script", nullptr}};
    if (job != nullptr) {
      json = {{"job", job->id},
              {"script", (fs::path(options.out) / kSlurmFolder / job->script).string()}};
    }
    json["tasks"] = job != nullptr ? job->tasks.size() : 0;
    json["submitted"] = remaining.members.size();
    json["queued"] = remaining.queued;
    json["held"] = remaining.held;
    json["finished"] = finishedRuns(remaining.results);
    json["runs"] = remaining.results.size();
    printJson(json);
    return;
  }
  if (job == nullptr) {
    std::cout << "Nothing to submit: " << stateText(remaining) << ".\n";
    return;
  }
  std::cout << "Submitted job " << job->id << ": " << remaining.members.size() << " runs in "
            << job->tasks.size() << " tasks; " << stateText(remaining) << " before.\n"
            << "  squeue -j " << job->id << "\n"
            << "Logs are in " << (fs::path(options.out) / kSlurmFolder).string()
            << ". The same command submits again what is not finished when they have ended.\n";
}

/// Writes and submits the script, and notes the job.
int submit(const SweepOptions& options, Remaining& remaining, const std::string& script,
           std::vector<SlurmTask> tasks) {
  const fs::path folder = fs::path(options.out) / kSlurmFolder;
  std::error_code error;
  fs::create_directories(folder, error);
  std::size_t number = 1;
  while (core::isThere(folder / ("array_" + std::to_string(number) + ".sh"))) {
    ++number;
  }
  SlurmJob job;
  job.script = "array_" + std::to_string(number) + ".sh";
  job.submitted = core::utcText(core::unixTime());
  job.tasks = std::move(tasks);
  if (const auto written = core::writeFileAtomically(folder / job.script, script); !written) {
    printError("", written.error().text());
    return kFailed;
  }
  const auto submitted = slurmSubmit(folder / job.script);
  if (!submitted) {
    fs::remove(folder / job.script, error);
    printError(submitted.error().path, submitted.error().message);
    return kFailed;
  }
  job.id = *submitted;
  remaining.live_jobs.push_back(job);
  if (const auto noted = writeSlurmJobs(options.out, remaining.live_jobs); !noted) {
    printError("", "job " + std::to_string(job.id) +
                       " was submitted, but that cannot be noted: " + noted.error().text());
    return kFailed;
  }
  tell(options, remaining, &job);
  return kDone;
}

int printScript(const SweepOptions& options, const core::StudyPlan& plan) {
  Remaining remaining;
  if (slurmIsThere() && core::isThere(options.out)) {
    auto found = lookAtMembers(options, plan);
    if (!found) {
      return kFailed;
    }
    remaining = std::move(*found);
  } else {
    for (std::size_t member = 0; member < plan.members.size(); ++member) {
      remaining.members.push_back(member);
    }
  }
  if (remaining.members.empty()) {
    tell(options, remaining, nullptr);
    return kDone;
  }
  const auto tasks = tasksOf(options, remaining.members);
  if (tasks.empty()) {
    return kBadInput;
  }
  const std::string script = slurmScript(scriptFacts(options, plan), options.request, tasks);
  if (options.json) {
    printJson({{"script_text", script},
               {"tasks", tasks.size()},
               {"unsubmitted", remaining.members.size()}});
  } else {
    std::cout << script;
  }
  return kDone;
}

}  // namespace

int submitToSlurm(const SweepOptions& options, const core::StudyPlan& plan) {
  if (options.dry_run) {
    return printScript(options, plan);
  }
  if (const auto there = slurmIsThere(); !there) {
    printError("", there.error().text());
    return kBadInput;
  }
  if (const int code = prepareStudyFolder(options.out, plan.study); code != kDone) {
    return code;
  }
  if (!tasksSeeFolder(options)) {
    return kBadInput;
  }
  const auto lock = lockStudyFolder(options.out, options.shared);
  if (!lock) {
    return lock.error();
  }
  auto remaining = lookAtMembers(options, plan);
  if (!remaining) {
    return kFailed;
  }
  if (remaining->members.empty()) {
    if (remaining->queued + remaining->held > 0) {
      tell(options, *remaining, nullptr);
      return kDone;
    }
    return printSweep(plan, options.out, remaining->results, options.json);
  }
  auto tasks = tasksOf(options, remaining->members);
  if (tasks.empty()) {
    return kBadInput;
  }
  const std::string script = slurmScript(scriptFacts(options, plan), options.request, tasks);
  return submit(options, *remaining, script, std::move(tasks));
}

}  // namespace anchorlens::ctl
