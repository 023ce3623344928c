// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/command.h"
#include "app/anchorctl/report.h"
#include "app/common/file_limit.h"
#include "engine/core/experiment/suggest.h"
#include "engine/session/version.h"

#include <algorithm>
#include <csignal>
#include <exception>
#include <iostream>
#include <new>
#include <string>
#include <vector>

namespace {

using namespace anchorlens::ctl;

/// `there is no option "--ouut"; did you mean "--out"?`
std::string unknownOption(const CLI::App& app, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      names.push_back("--" + name);
    }
  }
  const std::string typed = word.substr(0, word.find('='));
  const std::string nearest = anchorlens::core::nearestName(typed, names);
  return "there is no option \"" + typed + "\"" +
         (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?");
}

std::string unknownCommand(const CLI::App& program, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands({})) {
    names.push_back(command->get_name());
  }
  return "there is no command \"" + word + "\"" + anchorlens::core::suggestion(word, names);
}

/// The word that was mistyped: whatever else is missing or too much may come of it. Empty when all
/// words are known.
std::string unknownWord(const CLI::App& program) {
  const auto is_option = [](const std::string& word) {
    return word.size() > 1 && word[0] == '-' && word != "--";
  };
  if (const auto words = program.remaining(); !words.empty()) {
    return is_option(words[0]) ? unknownOption(program, words[0])
                               : unknownCommand(program, words[0]);
  }
  for (const CLI::App* command : program.get_subcommands()) {
    const auto words = command->remaining();
    const auto option = std::find_if(words.begin(), words.end(), is_option);
    if (option != words.end()) {
      return unknownOption(*command, *option);
    }
  }
  return {};
}

/// What is wrong with a command line, on one line, and where help is.
int reportUsage(const CLI::App& program, const CLI::ParseError& error) {
  std::string text = unknownWord(program);
  text = text.empty() ? error.what() : text;
  for (char& c : text) {
    c = c == '\n' ? ' ' : c;
  }
  std::string command = "anchorctl";
  if (program.remaining().empty()) {
    for (const CLI::App* sub : program.get_subcommands()) {
      command += " " + sub->get_name();
    }
  }
  printError(command, text);
  std::cerr << command << " --help shows how it is used.\n";
  return kBadInput;
}

/// An option or argument that was given an empty text, as by a variable of a shell that is not set.
std::string emptyWord(const CLI::App& program) {
  for (const CLI::App* command : program.get_subcommands()) {
    for (const CLI::Option* option : command->get_options()) {
      const auto& words = option->results();
      if (std::find(words.begin(), words.end(), "") != words.end()) {
        return option->get_name(false, false);
      }
    }
  }
  return {};
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
                    addPack, addPrune, addCircuits, addCompare, addBench}) {
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
  if (const std::string word = emptyWord(program); !word.empty()) {
    printError(word, "expected a text, got \"\"");
    return kBadInput;
  }
  return action();
}

}  // namespace

int main(int argc, char** argv) {
  // A file that may not grow further (ulimit -f) is an error of the write like a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
  // Whoever started this may have it ignored: how a run's process ended would not be told then.
  std::signal(SIGCHLD, SIG_DFL);
  anchorlens::app::raiseFileLimit();
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
