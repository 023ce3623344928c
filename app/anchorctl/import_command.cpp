// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/command.h"
#include "app/anchorctl/interrupt.h"
#include "app/anchorctl/report.h"
#include "app/anchorctl/train_loop.h"
#include "engine/core/archive/run_archive.h"
#include "engine/session/import_run.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <unistd.h>

namespace anchorlens::ctl {
namespace {

struct Options {
  std::string source;
  std::string out;
  std::string experiment;
  std::vector<std::string> assignments;
  bool json = false;
};

void showProgress(std::size_t done, std::size_t total) {
  if (::isatty(STDERR_FILENO) != 0) {
    std::cerr << "\r" << done << " of " << total << " checkpoints" << (done == total ? "\n" : "")
              << std::flush;
  }
}

void printResult(const Options& options, const engine::ImportedRun& run) {
  if (options.json) {
    printJson({{"run", options.out},
               {"kind", run.kind},
               {"checkpoints", run.checkpoints},
               {"step", run.last_step},
               {"log_rows", run.log_rows},
               {"test_accuracy", jsonNumber(run.test_accuracy)},
               {"logged_test_accuracy", jsonNumber(run.logged_test_accuracy)},
               {"notes", run.notes}});
    return;
  }
  std::cout << options.out << ": " << run.kind << ", " << run.checkpoints
            << (run.checkpoints == 1 ? " checkpoint" : " checkpoints") << " up to step "
            << withSpaces(run.last_step) << "\ntest accuracy " << fixed(run.test_accuracy, 3)
            << " on sequences drawn here, " << fixed(run.logged_test_accuracy, 3)
            << " in its own log\n";
  for (const std::string& note : run.notes) {
    std::cout << note << "\n";
  }
}

/// A run that somebody packed: nothing is computed.
int unpack(const Options& options) {
  const Interrupt interrupt;
  core::ArchiveWatch watch;
  watch.is_stopped = [&interrupt] { return interrupt.isRequested(); };
  if (!options.experiment.empty() || !options.assignments.empty()) {
    printError(options.experiment.empty() ? "--set" : "--experiment",
               options.source + " is a packed run, which is unpacked as it is");
    return kBadInput;
  }
  if (const auto made = core::unpackRun(options.source, options.out, watch); !made) {
    printError("", made.error().text());
    const bool is_input = made.error().path == options.source || !core::isFreeFolder(options.out);
    const int code = is_input ? kBadInput : kFailed;
    return interrupt.isRequested() ? kInterrupted : code;
  }
  if (options.json) {
    printJson({{"run", options.out}, {"kind", "a packed run"}});
  } else {
    std::cout << options.out << ": unpacked\n";
  }
  return kDone;
}

int runImport(const Options& options) {
  if (core::looksLikeRunArchive(options.source)) {
    return unpack(options);
  }
  core::ImportRequest request{options.source, {}, options.assignments};
  if (!options.experiment.empty()) {
    request.shape = options.experiment;
  }
  const auto plan = core::planImport(request);
  if (!plan) {
    for (const core::IoError& error : plan.error()) {
      printError("", error.text());
    }
    return kBadInput;
  }
  if (!engineOpens()) {
    return kFailed;
  }
  const Interrupt interrupt;
  engine::ImportOptions how;
  how.progress = [](std::size_t done, std::size_t total) { showProgress(done, total); };
  how.is_stopped = [&interrupt] { return interrupt.isRequested(); };
  const auto run = engine::importRun(*plan, options.out, how);
  if (!run) {
    printError("", run.error().message);
    return interrupt.isRequested() ? kInterrupted : exitCode(run.error());
  }
  printResult(options, *run);
  return kDone;
}

}  // namespace

void addImport(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command = addCommand(program, "import", "Make a run of other people's checkpoints",
                                 "anchorctl import result/3x_to_x-seed_1-N_1000 --out run");
  command
      ->add_option("SOURCE", options->source,
                   "Their folder, or a .pt, .pth or .safetensors file; or a packed run")
      ->required();
  command->add_option("--out", options->out, "The folder of the new run")->required();
  command->add_option("--experiment", options->experiment,
                      "An import file or experiment file that says what the tensors are");
  addSet(*command, options->assignments);
  addJson(*command, options->json);
  command->callback([options, &action] { action = [options] { return runImport(*options); }; });
}

}  // namespace anchorlens::ctl
