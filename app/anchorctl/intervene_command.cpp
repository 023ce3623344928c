// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/causal_report.h"
#include "app/anchorctl/command.h"
#include "app/anchorctl/interrupt.h"
#include "app/anchorctl/open_run.h"
#include "app/anchorctl/report.h"
#include "engine/core/experiment/limits.h"
#include "engine/session/causal_request.h"

#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

namespace anchorlens::ctl {
namespace {

struct Options {
  std::string run;
  std::optional<std::int64_t> at;
  engine::CausalRequest request;
  bool json = false;
};

void tellProgress(std::size_t done, std::size_t total) {
  if (isatty(STDERR_FILENO) != 0 && total > 1) {
    std::cerr << "\r" << done << " of " << total << " tests" << (done == total ? "\n" : "")
              << std::flush;
  }
}

void tellEnded(std::size_t done, std::size_t total) {
  if (isatty(STDERR_FILENO) != 0 && done > 0 && done < total) {
    std::cerr << "\n";
  }
  std::cerr << done << " of " << total << " tests were made\n";
}

nlohmann::ordered_json resultJson(const Options& options,
                                  const std::vector<engine::CausalRecord>& records,
                                  const core::Task& task) {
  if (!options.request.test_all) {
    return engine::causalJson(records.front(), task);
  }
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const engine::CausalRecord& record : records) {
    list.push_back(engine::causalJson(record, task));
  }
  return {{"step", records.front().result.step}, {"tests", std::move(list)}};
}

void print(const Options& options, const std::vector<engine::CausalRecord>& records,
           const engine::RunSnapshot& snapshot) {
  const core::Task& task = snapshot.task();
  if (!options.json) {
    std::cout << (options.request.test_all ? causalTable(records)
                                           : causalText(records.front(), task));
    return;
  }
  nlohmann::ordered_json json = resultJson(options, records, task);
  addInEffect(json, snapshot);
  printJson(json);
}

int runIntervene(const Options& options) {
  if (const std::string wrong = engine::wrongUse(options.request); !wrong.empty()) {
    printError("anchorctl intervene", wrong);
    return kBadInput;
  }
  const OpenedRun opened = openRun(options.run, options.at);
  if (!opened.snapshot) {
    return opened.code;
  }
  engine::RunSnapshot& snapshot = *opened.snapshot;
  const auto tests = engine::testsOf(options.request, snapshot, [&options](std::int64_t step) {
    return engine::RunSnapshot::open(options.run, step);
  });
  if (!tests) {
    printError(options.run, tests.error().message);
    return exitCode(tests.error());
  }
  const Interrupt interrupt;
  const auto [records, error] =
      engine::runTests(*tests, options.request.sequences, snapshot, [&](const auto& done) {
        tellProgress(done.size(), tests->size());
        return !interrupt.isRequested();
      });
  if (!records.empty()) {
    if (const auto kept = engine::keepCausalTests(options.run, records, snapshot.task()); !kept) {
      std::cerr << "not kept in the run: " << kept.error().text() << "\n";
    }
  }
  if (!error && interrupt.isRequested()) {
    tellEnded(records.size(), tests->size());
    return kInterrupted;
  }
  if (!records.empty()) {
    print(options, records, snapshot);
  }
  if (error) {
    tellEnded(records.size(), tests->size());
    printError(options.run, error->message);
    return exitCode(*error);
  }
  return kDone;
}

}  // namespace

void addIntervene(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  engine::CausalRequest& request = options->request;
  CLI::App* command = addCommand(program, "intervene", "What a run can do without heads or edges",
                                 "anchorctl intervene run --at 500 --ablate 1.0");
  command->add_option("RUN", options->run, "The folder of a run")->required();
  addStep(*command, "--at", options->at, "The last checkpoint's unless said");
  command->add_option("--ablate", request.ablate, "Heads whose output becomes 0: L.H[,L.H...]")
      ->delimiter(',');
  command->add_option("--ablate-label", request.ablate_label, "Every head with this label")
      ->check(CLI::IsMember(engine::labelNames()));
  command->add_option("--cut", request.cut,
                      "Attention that becomes 0: L.H:READER>SOURCE, or L:READER>SOURCE for every "
                      "head of the layer; places are positions, reader, key, anchor, key:x, "
                      "anchor:A, *; any number of times");
  command
      ->add_option("--patch", request.patch,
                   "Heads that get their output of another sequence, or of --from-step")
      ->delimiter(',');
  addStep(*command, "--from-step", request.from_step, "The step that patches come from");
  command->add_flag("--test-all-heads", request.test_all, "Each head alone, and each label");
  command->add_flag("--mean", request.mean, "The mean output in the place of 0");
  command->add_flag("--renormalise", request.renormalise, "Rows with cut edges add up to 1 again");
  command->add_option("--on", request.sequences, "The sequences; probe unless said")
      ->check(CLI::IsMember(engine::sequenceNames()));
  command->add_option("--seed", request.seed, "Of the controls; 1 unless said")
      ->transform(decimal(0, core::limits::kSeed));
  command->add_option("--draws", request.draws, "Of the control; 5 unless said")
      ->transform(decimal(1, 1000));
  addJson(*command, options->json);
  command->callback([options, &action] { action = [options] { return runIntervene(*options); }; });
}

}  // namespace anchorlens::ctl
