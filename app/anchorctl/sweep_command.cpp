// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/command.h"
#include "app/anchorctl/cores.h"
#include "app/anchorctl/experiment_input.h"
#include "app/anchorctl/report.h"
#include "app/anchorctl/study_folder.h"
#include "app/anchorctl/sweep_report.h"
#include "app/anchorctl/sweep_run.h"
#include "engine/core/experiment_json.h"
#include "engine/core/store/run_lock.h"
#include "engine/core/store/run_place.h"
#include "engine/core/study/study_results.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

namespace anchorlens::ctl {
namespace {

struct Options {
  std::string study;
  std::string out;
  std::optional<int> jobs;
  std::string collect;
  std::vector<std::string> assignments;
  bool json = false;
};

/// The study with the changes in its base, expanded; empty, with the errors printed.
std::optional<core::StudyPlan> readPlan(const Options& options) {
  auto study = core::readStudy(options.study);
  if (!study) {
    printErrors(options.study, study.error());
    return std::nullopt;
  }
  const auto base = withChanges(study->base, {options.assignments, std::nullopt, std::nullopt});
  if (!base) {
    return std::nullopt;
  }
  study->base = *base;
  auto plan = core::planStudy(*study);
  if (!plan) {
    printErrors(options.study, plan.error());
    return std::nullopt;
  }
  return std::move(*plan);
}

/// --set changes what all runs have in common; a field that the study varies would be set again.
bool changesNoAxis(const Options& options, const core::StudyPlan& plan) {
  for (const std::string& assignment : options.assignments) {
    const std::string pointer = assignment.substr(0, assignment.find('='));
    const std::string varied = core::variedField(plan.study, pointer);
    if (!varied.empty()) {
      printError("--set", pointer + ": the study varies " + varied +
                              "; expected a field that all its runs have in common");
      return false;
    }
  }
  return true;
}

/// As many as there are cores for, by the threads that each run takes.
std::size_t jobsOf(const Options& options, const core::StudyPlan& plan) {
  const std::size_t cores = allowedCores().size();
  const auto threads = static_cast<std::size_t>(plan.study.base.training.threads);
  const std::size_t wanted = options.jobs ? static_cast<std::size_t>(*options.jobs)
                                          : std::max<std::size_t>(1, cores / threads);
  return std::min(wanted, plan.members.size());
}

/// Prints table and failures; the exit code.
int report(const Options& options, const core::StudyPlan& plan, const SweepRun& sweep,
           bool is_interrupted) {
  if (options.json) {
    printJson(sweepJson(plan, options.out, sweep.results()));
  } else {
    std::cout << sweepTable(plan, sweep.results());
  }
  std::cout << std::flush;
  std::size_t finished = 0;
  bool has_failed = false;
  for (std::size_t i = 0; i < plan.members.size(); ++i) {
    const MemberResult& result = sweep.results()[i];
    const bool is_finished =
        result.facts.state == core::MemberFacts::State::Finished && result.problem.empty();
    finished += is_finished ? 1 : 0;
    if (!result.problem.empty() || result.facts.state == core::MemberFacts::State::Failed) {
      has_failed = true;
      printError(plan.members[i].folder, whyUnfinished(result));
    }
  }
  if (is_interrupted && finished < plan.members.size()) {
    const std::string file = (std::filesystem::path(options.out) / core::kStudyFile).string();
    std::cerr << "Interrupted; " << finished << " of " << plan.members.size()
              << " runs are finished, the others are saved. Go on with:\n  anchorctl sweep "
              << shellWord(file) << " --out " << shellWord(options.out)
              << (options.jobs ? " --jobs " + std::to_string(*options.jobs) : "") << "\n";
    return kInterrupted;
  }
  return has_failed ? kFailed : kDone;
}

/// Writes what the runs have recorded so far; trains nothing.
int collect(const Options& options, const core::StudyPlan& plan) {
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
  const auto frozen = core::readStudy(std::filesystem::path(options.out) / core::kStudyFile);
  if (!frozen || *frozen != plan.study) {
    printError(options.out,
               "holds no runs of this study; expected the folder that sweep --out made");
    return kBadInput;
  }
  const auto results = core::readResults(plan, options.out);
  const auto written = core::writeFileAtomically(
      file, is_npz ? core::resultsNpz(plan, results) : core::resultsCsv(plan, results));
  if (!written) {
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

int runSweep(const Options& options) {
  const auto plan = readPlan(options);
  if (plan && !options.collect.empty()) {
    return collect(options, *plan);
  }
  if (!plan || !changesNoAxis(options, *plan) ||
      !deviceIsThere(plan->study.base, options.study + ": /base")) {
    return kBadInput;
  }
  if (const auto prepared = prepareStudyFolder(options.out, plan->study); !prepared) {
    printError("", prepared.error().text());
    return kBadInput;
  }
  const auto lock = core::RunLock::acquire(options.out, core::isNetworkFileSystem(options.out));
  if (!lock) {
    printError("", lock.error().text());
    return kBadInput;
  }
  const Interrupt interrupt;
  SweepRun sweep(*plan, options.out, jobsOf(options, *plan));
  sweep.run(interrupt, *lock);
  return report(options, *plan, sweep, interrupt.isRequested());
}

}  // namespace

void addSweep(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command = addCommand(
      program, "sweep", "Train all runs of a study, several at once; the same command goes on",
      "anchorctl sweep study.json --out study --jobs 8");
  command->add_option("STUDY", options->study, "A study file")->required();
  command->add_option("--out", options->out, "Folder of the runs: new, empty, or of this study")
      ->required();
  command
      ->add_option("--jobs", options->jobs,
                   "Runs trained at once, each in a process of its own (default: one a core)")
      ->check(CLI::Range(1, 4096));
  command->add_option("--collect", options->collect,
                      "Train nothing; write all metrics, scores and emergence steps to a new .csv "
                      "or .npz");
  addSet(*command, options->assignments);
  addJson(*command, options->json);
  command->callback([options, &action] { action = [options] { return runSweep(*options); }; });
}

}  // namespace anchorlens::ctl
