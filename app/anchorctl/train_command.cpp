// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/change_options.h"
#include "app/anchorctl/command.h"
#include "app/anchorctl/experiment_input.h"
#include "app/anchorctl/report.h"
#include "app/anchorctl/train_loop.h"
#include "engine/core/experiment/limits.h"
#include "engine/core/store/run_store.h"
#include "engine/session/run_facts.h"

#include <filesystem>
#include <memory>

namespace anchorlens::ctl {
namespace {

struct Options {
  std::string input;  ///< experiment file, or run
  std::string out;
  std::int64_t at = 0;
  std::optional<std::int64_t> more_steps;
  Changes changes;
  std::vector<std::string> from_now_on;  ///< --change
  bool shared = false;
  bool json = false;
};

/// Nothing is ever overwritten.
bool isFree(const std::string& run) {
  const auto is_free = engine::checkIsFree(run);
  if (!is_free) {
    printError("", is_free.error().message);
  }
  return is_free.has_value();
}

int runTrain(const Options& options) {
  const auto spec = readInput(options.input, options.changes);
  if (!spec || !canTrainHere(*spec, options.input) || !isFree(options.out)) {
    return kBadInput;
  }
  const auto changes = readChanges(options.from_now_on, &*spec);
  if (!changes) {
    return kBadInput;
  }
  return trainToEnd(
      options.out,
      [&](engine::RunSession::Options session) {
        session.shared = options.shared;
        session.changes = *changes;
        return engine::RunSession::create(*spec, options.out, std::move(session));
      },
      options.json);
}

/// The run's facts; empty, with the error printed, when it is no run or another program trains it.
std::optional<engine::RunFacts> openFacts(const std::string& run, bool to_write) {
  auto facts = engine::readRunFacts(run);
  if (!facts) {
    printError("", facts.error().message);
    return std::nullopt;
  }
  if (to_write && facts->status.held) {
    printError(run, "another program is training it: " + facts->status.holder);
    return std::nullopt;
  }
  return std::move(*facts);
}

int runResume(const Options& options) {
  // Killed right after its experiment was frozen, a run has nothing else to be asked about.
  const bool has_only_begun = core::hasOnlyBegun(options.input);
  const auto facts = has_only_begun ? std::nullopt : openFacts(options.input, true);
  if (!facts && !has_only_begun) {
    return kBadInput;
  }
  const auto changes = readChanges(options.from_now_on, facts ? &facts->spec : nullptr);
  if (!changes) {
    return kBadInput;
  }
  if (facts && facts->status.state == core::RunState::Finished && !options.more_steps) {
    if (!changes->empty() && !facts->isForeign()) {
      printError(options.input, "has finished: a change needs steps to act on; add --more-steps N");
      return kBadInput;
    }
    return reportFinished(options.input, options.json);
  }
  if (facts && !canTrainHere(facts->spec, options.input + "/experiment.json")) {
    return kBadInput;
  }
  return trainToEnd(
      options.input,
      [&](engine::RunSession::Options session) {
        session.shared = options.shared;
        session.changes = *changes;
        return engine::RunSession::resume(options.input, std::move(session), options.more_steps);
      },
      options.json);
}

int runFork(const Options& options) {
  const auto facts = openFacts(options.input, false);
  if (!facts || !isFree(options.out)) {
    return kBadInput;
  }
  if (const auto in_range = engine::checkRange(*facts, options.at); !in_range) {
    printError("", in_range.error().message);
    return kBadInput;
  }
  const auto spec = withChanges(engine::trainerSpec(*facts), options.changes);
  if (!spec || !isRight(*spec, options.input + "/experiment.json") ||
      !canTrainHere(*spec, options.input + "/experiment.json")) {
    return kBadInput;
  }
  const auto changes = readChanges(options.from_now_on, &*spec);
  if (!changes) {
    return kBadInput;
  }
  return trainToEnd(
      options.out,
      [&](engine::RunSession::Options session) {
        session.shared = options.shared;
        session.changes = *changes;
        return engine::RunSession::fork(options.input, options.at, *spec, options.out,
                                        std::move(session));
      },
      options.json);
}

void addOut(CLI::App& command, Options& options) {
  command.add_option("--out", options.out, "Folder of the new run; it must not exist, or be empty")
      ->required();
}

void addChanges(CLI::App& command, Options& options) {
  addSet(command, options.changes.assignments);
  command.add_option("--device", options.changes.device, "auto, cpu, cuda or cuda:N");
  command.add_option("--threads", options.changes.threads, "Threads inside an operation")
      ->transform(decimal(1, 1024));
}

void addShared(CLI::App& command, Options& options) {
  command.add_flag("--shared", options.shared,
                   "The folder is on a network file system: publish copies for other hosts");
}

}  // namespace

void addTrain(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      addCommand(program, "train", "Train an experiment; Ctrl-C saves and says how to go on",
                 "anchorctl train demo.json --out run --set /training/seed=2");
  command->add_option("FILE", options->input, "An experiment file")->required();
  addOut(*command, *options);
  addChanges(*command, *options);
  addChange(*command, options->from_now_on);
  addShared(*command, *options);
  addJson(*command, options->json);
  command->callback([options, &action] { action = [options] { return runTrain(*options); }; });
}

void addResume(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      addCommand(program, "resume",
                 "Go on with a run that was interrupted, killed or given more steps, bit for bit",
                 "anchorctl resume run --more-steps 500");
  command->add_option("RUN", options->input, "The folder of a run")->required();
  command->add_option("--more-steps", options->more_steps, "Steps to add to its end")
      ->transform(decimal(1, core::limits::kSteps));
  addChange(*command, options->from_now_on);
  addShared(*command, *options);
  addJson(*command, options->json);
  command->callback([options, &action] { action = [options] { return runResume(*options); }; });
}

void addFork(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command = addCommand(
      program, "fork", "Branch a new run off another one's step, and train it to its end",
      "anchorctl fork run --at 500 --out branch --set /training/learning_rate=1e-4");
  command->add_option("RUN", options->input, "The folder of a run")->required();
  addStep(*command, "--at", options->at, "The step to branch at")->required();
  addOut(*command, *options);
  addChanges(*command, *options);
  addChange(*command, options->from_now_on);
  addShared(*command, *options);
  addJson(*command, options->json);
  command->callback([options, &action] { action = [options] { return runFork(*options); }; });
}

}  // namespace anchorlens::ctl
