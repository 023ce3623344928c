// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/command.h"
#include "app/anchorctl/interrupt.h"
#include "app/anchorctl/report.h"
#include "engine/core/archive/run_archive.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

namespace anchorlens::ctl {
namespace {

struct Options {
  std::string run;
  std::string out;
  bool json = false;
};

int runPack(const Options& options) {
  std::error_code code;
  if (std::filesystem::exists(options.out, code)) {
    printError(options.out, "exists already; --out wants a new file");
    return kBadInput;
  }
  const Interrupt interrupt;
  core::ArchiveWatch watch;
  watch.is_stopped = [&interrupt] { return interrupt.isRequested(); };
  if (const auto packed = core::packRun(options.run, options.out, watch); !packed) {
    const core::IoError& error = packed.error();
    printError("", error.text());
    const auto place = std::filesystem::path(error.path).lexically_relative(options.run);
    const bool is_of_run = !place.empty() && *place.begin() != "..";
    return interrupt.isRequested() ? kInterrupted : is_of_run ? kBadInput : kFailed;
  }
  const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(options.out, code));
  if (options.json) {
    printJson({{"file", options.out}, {"bytes", bytes}});
  } else {
    std::cout << options.out << ": the run in " << withSpaces(bytes)
              << " bytes; anchorctl import makes a folder of it again\n";
  }
  return kDone;
}

}  // namespace

void addPack(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command = addCommand(program, "pack", "Put a run into one file",
                                 "anchorctl pack run --out run.anchorrun");
  command->add_option("RUN", options->run, "The folder of a run")->required();
  command->add_option("--out", options->out, "The new file, NAME.anchorrun")->required();
  addJson(*command, options->json);
  command->callback([options, &action] { action = [options] { return runPack(*options); }; });
}

}  // namespace anchorlens::ctl
