// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/command.h"
#include "app/anchorctl/open_run.h"
#include "app/anchorctl/report.h"
#include "app/anchorctl/score_report.h"
#include "engine/core/experiment_json.h"
#include "engine/core/store/run_place.h"
#include "engine/session/run_session.h"
#include "engine/session/version.h"
#include "engine/session/weights_out.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>

namespace anchorlens::ctl {
namespace {

struct Options {
  std::string run;
  std::optional<std::int64_t> at;
  std::string weights;
  std::string names = "native";
  std::string logits;
  bool json = false;
};

/// A new file, before anything is computed for it.
bool isNew(const std::string& file, const std::string& option) {
  std::error_code code;
  if (!file.empty() && std::filesystem::exists(file, code)) {
    printError(file, "exists already; " + option + " wants a new file");
    return false;
  }
  return true;
}

int runEval(const Options& options) {
  if (!isNew(options.logits, "--logits")) {
    return kBadInput;
  }
  const OpenedRun opened = openRun(options.run, options.at);
  if (!opened.snapshot) {
    return opened.code;
  }
  const auto metrics = opened.snapshot->evaluate();
  if (!metrics) {
    printError(options.run, metrics.error().message);
    return kFailed;
  }
  if (!options.logits.empty()) {
    if (const auto written = engine::writeLogits(*opened.snapshot, options.logits); !written) {
      printError("", written.error().message);
      return kFailed;
    }
  }
  if (options.json) {
    nlohmann::ordered_json json = metricsJson(*metrics, opened.snapshot->task());
    addInEffect(json, *opened.snapshot);
    printJson(json);
  } else {
    std::cout << "step " << withSpaces(metrics->step) << "\n\n"
              << metricsTable(*metrics, opened.snapshot->task());
  }
  return kDone;
}

int runScore(const Options& options) {
  const OpenedRun opened = openRun(options.run, options.at);
  if (!opened.snapshot) {
    return opened.code;
  }
  engine::RunSnapshot& snapshot = *opened.snapshot;
  const auto frame = snapshot.frame();
  if (!frame) {
    printError(options.run, frame.error().message);
    return kFailed;
  }
  const auto history = scoreHistory(options.run, snapshot.step());
  if (!history) {
    printError("", history.error().text());
    return kFailed;
  }
  const auto heads =
      labelHeads(*history, snapshot.step(), (*frame)->scores, snapshot.spec().model.n_heads);
  if (options.json) {
    nlohmann::ordered_json json = scoreJson(snapshot.step(), heads, snapshot.task());
    addInEffect(json, snapshot);
    printJson(json);
  } else {
    std::cout << "step " << withSpaces(snapshot.step()) << "\n\n"
              << scoreTable(heads, snapshot.task());
  }
  return kDone;
}

/// A file there would be taken for a checkpoint of the run.
bool isAmongCheckpoints(const std::string& file) {
  std::error_code ignored;
  const auto folder = std::filesystem::weakly_canonical(file, ignored).parent_path();
  return folder.filename() == core::kCheckpointsName &&
         core::isThere(folder.parent_path() / core::kExperimentName);
}

int runExport(const Options& options) {
  if (!isNew(options.weights, "--weights")) {
    return kBadInput;
  }
  if (isAmongCheckpoints(options.weights)) {
    printError(options.weights,
               "lies among the checkpoints of a run; --weights wants another folder");
    return kBadInput;
  }
  const OpenedRun opened = openRun(options.run, options.at);
  if (!opened.snapshot) {
    return opened.code;
  }
  const auto n_tensors =
      engine::writeWeights(*opened.snapshot, options.weights, *core::nameFamilyOf(options.names));
  if (!n_tensors) {
    printError("", n_tensors.error().message);
    return exitCode(n_tensors.error());
  }
  if (options.json) {
    nlohmann::ordered_json json{{"step", opened.snapshot->step()},
                                {"file", options.weights},
                                {"names", options.names},
                                {"tensors", *n_tensors}};
    addInEffect(json, *opened.snapshot);
    printJson(json);
  } else {
    std::cout << options.weights << ": weights of step " << withSpaces(opened.snapshot->step())
              << ", " << *n_tensors << " tensors\n";
  }
  return kDone;
}

CLI::App* addSnapshotCommand(CLI::App& program, const std::string& name,
                             const std::string& description, const std::string& example,
                             Options& options) {
  CLI::App* command = addCommand(program, name, description, example);
  command->add_option("RUN", options.run, "The folder of a run")->required();
  addStep(*command, "--at", options.at, "The last checkpoint's unless said");
  addJson(*command, options.json);
  return command;
}

}  // namespace

void addEval(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command = addSnapshotCommand(program, "eval", "Accuracy and loss by group",
                                         "anchorctl eval run --at 500", *options);
  command->add_option("--logits", options->logits,
                      "A new .npz file: the first test sequences with their logits");
  command->callback([options, &action] { action = [options] { return runEval(*options); }; });
}

void addScore(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  addSnapshotCommand(program, "score", "Which heads shift and which broadcast",
                     "anchorctl score run --json", *options)
      ->callback([options, &action] { action = [options] { return runScore(*options); }; });
}

void addExport(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      addSnapshotCommand(program, "export", "Take weights out of a run",
                         "anchorctl export run --at 500 --weights w.safetensors", *options);
  command->add_option("--weights", options->weights, "A new safetensors file")->required();
  command->add_option("--names", options->names, "native, pytorch or transformerlens")
      ->check(CLI::IsMember({"native", "pytorch", "transformerlens"}));
  command->callback([options, &action] { action = [options] { return runExport(*options); }; });
}

}  // namespace anchorlens::ctl
