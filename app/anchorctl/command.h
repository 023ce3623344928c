// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

/// The subcommands of anchorctl. Each adds itself to the program and says what it runs.
namespace anchorlens::ctl {

/// Exit codes (docs/commands.md).
constexpr int kDone = 0;
constexpr int kBadInput = 2;
constexpr int kFailed = 3;
constexpr int kInterrupted = 130;

/// What main() runs once the command line is read; set by the subcommand that was named.
using Action = std::function<int()>;

void addPresets(CLI::App& program, Action& action);
void addStudies(CLI::App& program, Action& action);
void addCheck(CLI::App& program, Action& action);
void addSample(CLI::App& program, Action& action);
void addNotation(CLI::App& program, Action& action);
void addTrain(CLI::App& program, Action& action);
void addResume(CLI::App& program, Action& action);
void addFork(CLI::App& program, Action& action);
void addSweep(CLI::App& program, Action& action);
void addEval(CLI::App& program, Action& action);
void addScore(CLI::App& program, Action& action);
void addIntervene(CLI::App& program, Action& action);
void addExport(CLI::App& program, Action& action);
void addImport(CLI::App& program, Action& action);
void addPack(CLI::App& program, Action& action);
void addPrune(CLI::App& program, Action& action);
void addCircuits(CLI::App& program, Action& action);
void addCompare(CLI::App& program, Action& action);
void addBench(CLI::App& program, Action& action);

/// A subcommand with a one-line description and an example under its help.
CLI::App* addCommand(CLI::App& program, const std::string& name, const std::string& description,
                     const std::string& example);
/// --json
void addJson(CLI::App& command, bool& json);
/// For transform(): takes decimal integers from..to and nothing else. CLI11 by itself reads 010 as
/// 8 and 0x10 as 16.
CLI::Validator decimal(std::int64_t from, std::int64_t to);
/// The same for a step, an integer from 0.
CLI::Validator decimalStep();
/// An option that is a step: std::int64_t, or an optional one.
template <typename Step>
CLI::Option* addStep(CLI::App& command, const std::string& name, Step& step,
                     const std::string& description) {
  return command.add_option(name, step, description)->type_name("STEP")->transform(decimalStep());
}
/// --set /pointer=value, any number of times
void addSet(CLI::App& command, std::vector<std::string>& assignments);

}  // namespace anchorlens::ctl
