// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/command.h"
#include "app/anchorctl/report.h"
#include "engine/core/experiment/limits.h"
#include "engine/core/store/run_place.h"
#include "engine/session/prune.h"
#include "engine/session/run_facts.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace anchorlens::ctl {
namespace {

using Checkpoints = std::vector<core::CheckpointInfo>;

struct Options {
  std::string run;
  engine::PruneRequest request;
  bool is_dry_run = false;
  bool json = false;
};

std::int64_t bytesOf(const Checkpoints& checkpoints) {
  std::uintmax_t bytes = 0;
  for (const core::CheckpointInfo& info : checkpoints) {
    bytes += core::sizeOf(info.file);
  }
  return static_cast<std::int64_t>(bytes);
}

std::vector<std::int64_t> stepsOf(const Checkpoints& checkpoints) {
  std::vector<std::int64_t> steps;
  for (const core::CheckpointInfo& info : checkpoints) {
    steps.push_back(info.step);
  }
  return steps;
}

/// A schedule in the words of the options.
std::string optionsText(const core::StepSchedule& schedule) {
  std::string text;
  if (schedule.every) {
    text = "--every " + std::to_string(*schedule.every);
  }
  if (schedule.per_decade > 0) {
    text += (text.empty() ? "" : " ") + ("--per-decade " + std::to_string(schedule.per_decade));
  }
  return text.empty() ? "the first and the last step alone" : text;
}

int askForSchedule(const std::string& run) {
  const auto facts = engine::readRunFacts(run);
  if (!facts) {
    printError("", facts.error().message);
    return kBadInput;
  }
  printError(run,
             "say which checkpoints stay: --every N, --per-decade N, or both. The run's own "
             "schedule is " +
                 optionsText(facts->spec.record.checkpoints) + "; the run has " +
                 withSpaces(static_cast<std::int64_t>(facts->checkpoints.size())) +
                 " checkpoints with " + withSpaces(bytesOf(facts->checkpoints)) + " bytes");
  return kBadInput;
}

void printText(const Options& options, const engine::Pruning& pruning, std::int64_t freed) {
  const std::size_t n_removed = pruning.removed().size();
  const std::size_t n_kept = pruning.kept().size();
  const char* would = options.is_dry_run ? "would be " : "";
  std::cout << options.run << ": " << n_removed << " of " << n_removed + n_kept << " checkpoints "
            << would << "removed, " << n_kept << " kept; " << withSpaces(freed) << " bytes "
            << would << "freed\n";
  if (options.is_dry_run) {
    const char* separator = "kept: step ";
    for (const core::CheckpointInfo& info : pruning.kept()) {
      std::cout << separator << info.step;
      separator = ", ";
    }
    std::cout << "\n";
  }
}

int runPrune(const Options& options) {
  const core::StepSchedule& schedule = options.request.schedule;
  if (!schedule.every && schedule.per_decade == 0) {
    return askForSchedule(options.run);
  }
  const auto pruning = engine::Pruning::plan(options.run, options.request);
  if (!pruning) {
    printError("", pruning.error().message);
    return exitCode(pruning.error());
  }
  const std::int64_t freed = bytesOf(pruning->removed());
  if (!options.is_dry_run) {
    if (const auto done = pruning->carryOut(); !done) {
      printError("", done.error().text());
      return kFailed;
    }
  }
  if (options.json) {
    printJson({{"run", options.run},
               {"dry_run", options.is_dry_run},
               {"kept", stepsOf(pruning->kept())},
               {"removed", stepsOf(pruning->removed())},
               {"kept_bytes", bytesOf(pruning->kept())},
               {"removed_bytes", freed}});
  } else {
    printText(options, *pruning, freed);
  }
  return kDone;
}

}  // namespace

void addPrune(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  engine::PruneRequest& request = options->request;
  CLI::App* command = addCommand(program, "prune", "Remove checkpoints of a run to free room",
                                 "anchorctl prune run --every 5000 --per-decade 4 --dry-run");
  command->add_option("RUN", options->run, "The folder of a run that nobody trains")->required();
  command->add_option("--every", request.schedule.every, "Those at multiples of N stay")
      ->type_name("N")
      ->transform(decimal(1, core::limits::kSteps));
  command
      ->add_option("--per-decade", request.schedule.per_decade,
                   "Those at N log-spaced steps in each factor of ten stay")
      ->type_name("N")
      ->transform(decimal(1, 1000));
  command->add_option("--keep", request.keep, "Checkpoints that stay besides: STEP[,STEP...]")
      ->type_name("STEP")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->transform(decimalStep());
  command->add_flag("--dry-run", options->is_dry_run, "Say what would be removed; remove nothing");
  addJson(*command, options->json);
  command->callback([options, &action] { action = [options] { return runPrune(*options); }; });
}

}  // namespace anchorlens::ctl
