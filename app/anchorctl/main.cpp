// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/command.h"
#include "app/anchorctl/report.h"
#include "engine/session/version.h"

#include <csignal>
#include <exception>
#include <iostream>
#include <new>

namespace {

using namespace anchorlens::ctl;

/// What CLI11 says of a wrong command line, on one line, and where help is.
int reportUsage(const CLI::App& program, const CLI::ParseError& error) {
  std::string text = error.what();
  for (char& c : text) {
    c = c == '\n' ? ' ' : c;
  }
  std::string command = "anchorctl";
  for (const CLI::App* sub : program.get_subcommands()) {
    command += " " + sub->get_name();
  }
  printError(command, text);
  std::cerr << command << " --help shows how it is used.\n";
  return kBadInput;
}

int runProgram(int argc, char** argv) {
  CLI::App program("Trains and examines anchor-function experiments without a window.",
                   "anchorctl");
  program.set_version_flag("--version", "anchorctl " + anchorlens::engine::versionText());
  program.footer(
      "Example:\n  anchorctl presets demo > demo.json\n  anchorctl train demo.json --out run\n"
      "  anchorctl score run\n\nExit codes: 0 done, 2 bad usage or input, 3 failed while running,\n"
      "130 interrupted with everything saved.");
  program.require_subcommand(1);
  Action action;
  for (auto* add : {addPresets, addStudies, addCheck, addSample, addNotation, addTrain, addResume,
                    addFork, addSweep, addEval, addScore, addIntervene, addExport, addImport,
                    addPack, addCircuits, addCompare, addBench}) {
    add(program, action);
  }
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      return program.exit(error);  // help and version
    }
    return reportUsage(program, error);
  }
  return action();
}

}  // namespace

int main(int argc, char** argv) {
  // A file that may not grow further (ulimit -f) is an error of the write like a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
  std::ios::sync_with_stdio(false);
  try {
    const int code = runProgram(argc, argv);
    std::cout.flush();
    if (!std::cout) {
      printError("anchorctl", "the output could not be written");
      return kFailed;
    }
    return code;
  } catch (const std::bad_alloc&) {
    printError("anchorctl", "there is not enough memory for this");
  } catch (const std::exception& error) {
    printError("anchorctl", error.what());
  }
  return kFailed;
}
