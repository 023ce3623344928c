// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/command.h"
#include "app/anchorctl/experiment_input.h"
#include "app/anchorctl/interrupt.h"
#include "app/anchorctl/report.h"
#include "app/anchorctl/text_table.h"
#include "engine/core/experiment/limits.h"
#include "engine/core/experiment/set_field.h"
#include "engine/core/task/sample_files.h"
#include "engine/core/task/task.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <stop_token>

namespace anchorlens::ctl {
namespace {

constexpr std::size_t kMaxPrinted = 1'000'000;
constexpr std::int64_t kMaxSamples = 1'000'000'000;

struct Options {
  std::string file;
  std::string out;
  std::size_t n = 5;
  std::string split = "train";
  std::uint64_t seed = 1;
  bool data = false;
  std::vector<std::string> assignments;
  bool json = false;
};

std::string answerText(const core::SequenceSet& set, std::size_t i) {
  std::string text;
  for (const core::Answer& answer : set.answersOf(i)) {
    text += text.empty() ? "-> " : " | ";
    if (set.answersOf(i).size() > 1) {
      text += fixed(100 * answer.p, 0) + "% ";
    }
    text += std::to_string(answer.token);
  }
  return text;
}

/// Tokens, and under each the symbol of its role; the answer and the group behind them.
void printSamples(const core::Task& task, const core::SequenceSet& set) {
  for (std::size_t i = 0; i < set.size(); ++i) {
    std::string tokens;
    std::string roles;
    for (std::size_t at = 0; at < set.row(i).size(); ++at) {
      const std::string token = std::to_string(set.row(i)[at]);
      const std::string symbol = task.roles().at(set.rolesOf(i)[at]).symbol;
      const std::string mark = symbol.empty() ? "." : symbol;
      const std::size_t width = std::max({token.size(), textWidth(mark), std::size_t{3}}) + 1;
      tokens += std::string(width - token.size(), ' ') + token;
      roles += std::string(width - textWidth(mark), ' ') + mark;
    }
    const std::string group = task.groups().at(static_cast<std::size_t>(set.groups[i])).name;
    std::cout << tokens << "   " << answerText(set, i) << "   " << group << "\n" << roles << "\n";
  }
}

/// Whether there is a file that --out may become.
bool isOutRight(const Options& options) {
  std::error_code ignored;
  if (options.out.empty()) {
    if (options.n > kMaxPrinted) {
      printError("-n", "at most " + withSpaces(kMaxPrinted) +
                           " sequences are printed; --out FILE writes more");
    }
    return options.n <= kMaxPrinted;
  }
  if (!core::sampleFormatOf(options.out)) {
    printError(options.out, "the name says the format; expected .csv, .jsonl or .npz at its end");
    return false;
  }
  if (std::filesystem::exists(options.out, ignored)) {
    printError(options.out, "exists already; --out wants a new file");
    return false;
  }
  return true;
}

core::SampleRequest requestOf(const Options& options, const core::ExperimentSpec& spec) {
  if (options.data) {
    return {{core::Split::Train}, spec.data.n_train, spec.data.seed, "data/train"};
  }
  return {core::splitsOf(options.split), static_cast<std::int64_t>(options.n), options.seed};
}

int writeOut(const Options& options, const core::Task& task, const core::SampleRequest& request) {
  const Interrupt interrupt;
  std::stop_source stop;
  const auto written = core::writeSamples(
      task, request, *core::sampleFormatOf(options.out), options.out,
      [&](std::int64_t /*done*/) {
        if (interrupt.isRequested()) {
          stop.request_stop();
        }
      },
      stop.get_token());
  if (!written) {
    printError("", written.error().text());
    return kFailed;
  }
  if (!*written) {
    printError(options.out, "interrupted; no file was written");
    return kInterrupted;
  }
  if (options.json) {
    printJson({{"file", options.out}, {"n", request.total()}});
  } else {
    std::cout << options.out << ": " << withSpaces(request.total()) << " sequences\n";
  }
  return kDone;
}

int runSample(const Options& options) {
  if (!isOutRight(options)) {
    return kBadInput;
  }
  const auto spec = readInput(options.file, {options.assignments, {}, {}});
  if (!spec) {
    return kBadInput;
  }
  if (options.data && spec->data.mode != core::DataSpec::Mode::Fixed) {
    printError("/data/mode", "streaming data is drawn anew in every step: there is no fixed data");
    return kBadInput;
  }
  const auto task = core::Task::compile(spec->task);
  if (!task) {
    printErrors(options.file, task.error(), core::assignedDocument(*spec, {}));
    return kBadInput;
  }
  const core::SampleRequest request = requestOf(options, *spec);
  if (!options.out.empty()) {
    return writeOut(options, *task, request);
  }
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const core::Split split : request.splits) {
    core::Random random(request.seed, request.stream);
    const core::SequenceSet set = task->draw(split, static_cast<std::size_t>(request.n), random);
    if (!options.json) {
      printSamples(*task, set);
    }
    for (std::size_t i = 0; i < set.size() && options.json; ++i) {
      json.push_back(core::sampleJson(*task, set, i));
    }
  }
  if (options.json) {
    printJson(json);
  }
  return kDone;
}

}  // namespace

void addSample(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command = addCommand(program, "sample",
                                 "Draw fresh sequences of an experiment's task, with their roles",
                                 "anchorctl sample demo.json -n 3 --split test");
  command->add_option("FILE", options->file, "An experiment file")->required();
  CLI::Option* count = command->add_option("-n", options->n, "How many of a split")
                           ->capture_default_str()
                           ->transform(decimal(1, kMaxSamples));
  CLI::Option* split = command
                           ->add_option("--split", options->split,
                                        "Whose distribution; both: N of each, training first")
                           ->capture_default_str()
                           ->check(CLI::IsMember({"train", "test", "both"}));
  CLI::Option* seed = command->add_option("--seed", options->seed, "Seed of the draws")
                          ->capture_default_str()
                          ->transform(decimal(0, core::limits::kSeed));
  command
      ->add_flag("--data", options->data,
                 "The fixed training data of a run of this experiment, in its order")
      ->excludes(count)
      ->excludes(split)
      ->excludes(seed);
  command->add_option("--out", options->out, "A new file for other programs: .csv, .jsonl or .npz");
  addSet(*command, options->assignments);
  addJson(*command, options->json);
  command->callback([options, &action] { action = [options] { return runSample(*options); }; });
}

}  // namespace anchorlens::ctl
