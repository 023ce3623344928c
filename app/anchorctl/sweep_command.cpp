// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/command.h"
#include "app/anchorctl/fleet_training.h"
#include "app/anchorctl/report.h"
#include "app/anchorctl/slurm_client.h"
#include "app/anchorctl/slurm_submit.h"
#include "app/anchorctl/study_folder.h"
#include "app/anchorctl/study_input.h"
#include "app/anchorctl/sweep_options.h"
#include "app/anchorctl/sweep_report.h"
#include "app/anchorctl/sweep_run.h"
#include "app/anchorctl/sweep_settings.h"
#include "app/anchorctl/sweep_way.h"
#include "engine/core/store/run_place.h"
#include "engine/core/study/study_results.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

namespace anchorlens::ctl {
namespace {

/// The study with the changes in its base, expanded; empty, with the errors printed.
std::optional<core::StudyPlan> readPlan(const SweepOptions& options) {
  StudyInput input = readStudyInput(options.study, options.assignments);
  printErrors(input.place, input.errors, input.document);
  return std::move(input.plan);
}

/// Prints table and failures, and how to go on; the exit code.
int report(const SweepOptions& options, const core::StudyPlan& plan, const SweepRun& sweep,
           bool is_interrupted) {
  const int code = printSweep(plan, options.out, sweep.results(), options.json);
  const std::size_t finished = finishedRuns(sweep.results());
  if (!is_interrupted || finished == plan.members.size()) {
    return code;
  }
  const std::size_t failed = failedRuns(sweep.results());
  std::cerr << "Interrupted; " << finished << " of " << plan.members.size()
            << " runs are finished, " << (failed > 0 ? std::to_string(failed) + " failed, " : "")
            << "the others are saved. Go on with:\n  " << goOnCommand(options) << "\n";
  if (!options.member.empty()) {
    std::cerr << "and the options for Slurm that the job was submitted with.\n";
  }
  std::cerr << std::flush;
  return kInterrupted;
}

/// Whether the folder is this study's; prints why not.
bool holdsStudy(const SweepOptions& options, const core::StudyPlan& plan) {
  const auto frozen = core::readStudy(std::filesystem::path(options.out) / core::kStudyFile);
  const bool holds = frozen && *frozen == plan.study;
  if (!holds) {
    printError(options.out,
               "holds no runs of this study; expected the folder that sweep --out made");
  }
  return holds;
}

/// Writes what the runs have recorded so far; trains nothing.
int collect(const SweepOptions& options, const core::StudyPlan& plan) {
  const std::filesystem::path file = options.collect;
  const bool is_npz = file.extension() == ".npz";
  if (!is_npz && file.extension() != ".csv") {
    printError(options.collect, "expected a name that ends in .csv or .npz");
    return kBadInput;
  }
  if (core::isThere(file)) {
    printError(options.collect, "exists already; --collect wants a new file");
    return kBadInput;
  }
  if (!holdsStudy(options, plan)) {
    return kBadInput;
  }
  const auto results = core::readResults(plan, options.out, is_npz);
  const auto table =
      is_npz ? core::resultsNpz(plan, results)
             : core::Expected<std::string, core::IoError>(core::resultsCsv(plan, results));
  if (!table) {
    printError(options.collect, table.error().text());
    return kFailed;
  }
  if (const auto written = core::writeFileAtomically(file, *table); !written) {
    printError("", written.error().text());
    return kFailed;
  }
  if (options.json) {
    printJson({{"file", options.collect}, {"runs", results.size()}});
  } else {
    std::cout << options.collect << ": " << results.size() << " runs\n";
  }
  return kDone;
}

/// The runs that are named alone; empty, with the error printed, when the study has not all of them
/// or is not the folder's.
std::optional<core::StudyPlan> partOf(const SweepOptions& options, core::StudyPlan plan) {
  const auto members = parseRanges(options.member, plan.members.size());
  if (!members) {
    printError("--member", "expected numbers from 1 to " + std::to_string(plan.members.size()) +
                               ", as 3 or 1-4,7, got \"" + options.member + "\"");
    return std::nullopt;
  }
  if (!holdsStudy(options, plan)) {
    return std::nullopt;
  }
  std::vector<core::StudyMember> part;
  for (const std::size_t member : *members) {
    part.push_back(std::move(plan.members[member]));
  }
  plan.members = std::move(part);
  return plan;
}

/// One task of several that train the same study: each run has a lock, the folder none.
int runMembers(const SweepOptions& options, core::StudyPlan whole) {
  const auto plan = partOf(options, std::move(whole));
  if (!plan || !canTrainAllHere(*plan, options.study)) {
    return kBadInput;
  }
  const Interrupt interrupt;
  if (options.together) {
    return trainTogether(*plan, options.out, options.shared, interrupt);
  }
  SweepRun sweep(*plan, options.out);
  const std::int64_t steps = sweep.steps();
  sweep.run(wayOf(options, *plan, sweep.left()), interrupt, nullptr);
  const int code = report(options, *plan, sweep, interrupt.isRequested());
  // A task that is interrupted before it gets anywhere would come back for ever.
  if (code == kInterrupted && sweep.steps() > steps) {
    slurmRequeueThisTask();
  }
  return code;
}

int runSweep(const SweepOptions& options) {
  auto plan = readPlan(options);
  if (!plan || (options.slurm && !slurmOptionsAreRight(options, *plan))) {
    return kBadInput;
  }
  if (options.slurm) {
    return submitToSlurm(options, *plan);
  }
  if (!options.collect.empty()) {
    return collect(options, *plan);
  }
  if (!options.member.empty()) {
    return runMembers(options, std::move(*plan));
  }
  if (!canTrainAllHere(*plan, options.study)) {
    return kBadInput;
  }
  if (const int code = prepareStudyFolder(options.out, plan->study); code != kDone) {
    return code;
  }
  const auto lock = lockStudyFolder(options.out, options.shared);
  if (!lock) {
    return lock.error();
  }
  const Interrupt interrupt;
  SweepRun sweep(*plan, options.out);
  sweep.run(wayOf(options, *plan, sweep.left()), interrupt, &*lock);
  return report(options, *plan, sweep, interrupt.isRequested());
}

}  // namespace

void addSweep(CLI::App& program, Action& action) {
  auto options = std::make_shared<SweepOptions>();
  CLI::App* command = addCommand(
      program, "sweep", "Train all runs of a study, several at once; the same command goes on",
      "anchorctl sweep study.json --out study --jobs 8\n"
      "  anchorctl sweep study.json --out study --slurm --partition gpu --gres gpu:1 \\\n"
      "      --time 12:00:00 --setup 'module load cuda'");
  command->add_option("STUDY", options->study, "A study file")->required();
  command->add_option("--out", options->out, "Folder of the runs: new, empty, or of this study")
      ->required();
  command
      ->add_option(
          "--jobs", options->jobs,
          "Runs trained at once, each in a process of its own (default: one a core, as far "
          "as memory reaches)")
      ->transform(decimal(1, 4096));
  command
      ->add_option("--fleet", options->fleet,
                   "Most runs that train together on a GPU, in one process (default: by a trial "
                   "of the GPU's speed); 1: each has a process of its own")
      ->transform(decimal(1, 1024));
  command->add_option("--collect", options->collect,
                      "Train nothing; write all metrics, scores and emergence steps to a new .npz, "
                      "or the last ones to a .csv");
  addSet(*command, options->assignments);
  command->add_flag("--shared", options->shared,
                    "The folder is on a network file system: publish copies for other hosts");
  // What a task of the job array calls.
  auto* member = command->add_option("--member", options->member)->group("");
  // What a sweep calls for a fleet.
  command->add_flag("--together", options->together)->group("")->needs(member);
  addSlurmOptions(*command, *options);
  addJson(*command, options->json);
  command->callback([options, &action] { action = [options] { return runSweep(*options); }; });
}

}  // namespace anchorlens::ctl
