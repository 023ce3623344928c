// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/command.h"
#include "app/anchorctl/experiment_input.h"
#include "app/anchorctl/report.h"
#include "engine/core/error_text.h"
#include "engine/core/experiment/set_field.h"
#include "engine/core/experiment_json.h"
#include "engine/core/task/describe.h"
#include "engine/core/task/task.h"
#include "engine/session/run_estimate.h"

#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>

namespace anchorlens::ctl {
namespace {

struct Options {
  std::string file;
  std::vector<std::string> assignments;
  bool json = false;
};

/// What a person wants to know before training.
void printFacts(const std::string& file, const core::ExperimentSpec& spec) {
  const auto task = core::Task::compile(spec.task);
  std::cout << file << ": ok\n";
  for (const core::FormSpec& form : spec.task.forms) {
    std::cout << "  pattern     " << form.pattern << "\n";
  }
  std::cout << "  split       " << core::heldOutSentence(spec.task) << "\n";
  if (task) {
    const core::TaskAnalysis& analysis = task->analysis();
    std::cout << "  accuracy    chance " << fixed(analysis.chance, 4) << ", ceiling "
              << fixed(analysis.ceiling_train, 4) << " in training";
    if (analysis.has_test) {
      std::cout << ", " << fixed(analysis.ceiling_test, 4) << " on held-out keys";
    }
    std::cout << "\n  answers     " << analysis.result_min << " to " << analysis.result_max
              << (analysis.range_is_exact ? "" : " at most") << "\n  groups      "
              << task->groups().size() << "; " << fixed(100 * analysis.train_share, 1)
              << " % of all sequences are for training\n  coverage    "
              << core::coverageSentence(core::coverageOf(*task, spec.data.n_train),
                                        spec.data.n_train)
              << "\n";
    for (const std::string& note : analysis.notes) {
      std::cout << "  note        " << note << "\n";
    }
  }
  const engine::RunEstimate estimate = engine::estimateRun(spec);
  std::cout << "  model       " << withSpaces(estimate.parameters) << " parameters\n"
            << "  training    " << withSpaces(estimate.steps) << " steps of "
            << spec.training.batch_size << " sequences\n"
            << "  run folder  about " << engine::bytesText(estimate.bytes) << ": "
            << estimate.frames << " frames or more, " << estimate.checkpoints
            << " checkpoints or more\n";
}

/// What is wrong, in which file or option, and the document that it points into.
struct Findings {
  core::SpecErrors errors;
  std::string place;
  core::Json document;
  core::ExperimentSpec spec;  ///< where it could be read
};

Findings findingsOf(const Options& options) {
  if (const std::string hint = presetHint(options.file); !hint.empty()) {
    return {{core::SpecError{"", hint}}, options.file, core::Json(), {}};
  }
  const auto read = core::readExperiment(options.file);
  if (!read) {
    return {read.error(), options.file, core::documentIn(options.file), {}};
  }
  const auto spec = core::setFields(*read, options.assignments);
  if (!spec) {
    return {spec.error(), "--set", core::assignedDocument(*read, options.assignments), {}};
  }
  return {core::checkExperiment(*spec), options.file, core::assignedDocument(*spec, {}), *spec};
}

int runCheck(const Options& options) {
  const Findings found = findingsOf(options);
  const core::SpecErrors& errors = found.errors;
  if (options.json) {
    nlohmann::ordered_json json{{"ok", errors.empty()}};
    json["errors"] = nlohmann::ordered_json::array();
    for (const core::SpecError& error : errors) {
      json["errors"].push_back({{"pointer", error.pointer},
                                {"message", core::messageWithColumn(error, found.document)}});
    }
    printJson(json);
  } else if (errors.empty()) {
    printFacts(options.file, found.spec);
  } else {
    printErrors(found.place, errors, found.document);
  }
  return errors.empty() ? kDone : kBadInput;
}

}  // namespace

void addCheck(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command = addCommand(program, "check", "Say what is wrong in an experiment file",
                                 "anchorctl check demo.json");
  command->add_option("FILE", options->file, "An experiment file")->required();
  addSet(*command, options->assignments);
  addJson(*command, options->json);
  command->callback([options, &action] { action = [options] { return runCheck(*options); }; });
}

}  // namespace anchorlens::ctl
