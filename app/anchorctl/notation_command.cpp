// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/command.h"
#include "app/anchorctl/experiment_input.h"
#include "app/anchorctl/report.h"
#include "engine/core/store/checkpoint.h"
#include "engine/core/task/notation.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <iostream>
#include <memory>

namespace anchorlens::ctl {
namespace {

struct Options {
  std::string file;
  std::string format = "latex";
  std::string out;
  std::vector<std::string> assignments;
  bool json = false;
};

int runNotation(const Options& options) {
  std::error_code ignored;
  if (!options.out.empty() && std::filesystem::exists(options.out, ignored)) {
    printError(options.out, "exists already; --out wants a new file");
    return kBadInput;
  }
  const auto spec = readInput(options.file, {options.assignments, {}, {}});
  if (!spec) {
    return kBadInput;
  }
  const std::string text =
      options.format == "svg" ? core::notationSvg(spec->task) : core::notationLatex(spec->task);
  if (options.out.empty()) {
    if (options.json) {
      printJson({{"format", options.format}, {"text", text}});
    } else {
      std::cout << text;
    }
    return kDone;
  }
  if (const auto written = core::writeFileAtomically(options.out, text); !written) {
    printError("", written.error().text());
    return kFailed;
  }
  if (options.json) {
    printJson({{"file", options.out}, {"format", options.format}});
  } else {
    std::cout << options.out << ": written\n";
  }
  return kDone;
}

}  // namespace

void addNotation(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      addCommand(program, "notation", "Print a task as a paper shows it: pattern, anchors, rules",
                 "anchorctl notation demo.json --format svg --out demo.svg");
  command->add_option("FILE", options->file, "An experiment file")->required();
  command->add_option("--format", options->format, "A LaTeX fragment (amsmath) or an SVG")
      ->capture_default_str()
      ->check(CLI::IsMember({"latex", "svg"}));
  command->add_option("--out", options->out, "A new file; standard output unless said");
  addSet(*command, options->assignments);
  addJson(*command, options->json);
  command->callback([options, &action] { action = [options] { return runNotation(*options); }; });
}

}  // namespace anchorlens::ctl
