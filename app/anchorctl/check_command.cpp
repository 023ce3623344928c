// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/command.h"
#include "app/anchorctl/experiment_input.h"
#include "app/anchorctl/report.h"
#include "app/anchorctl/study_input.h"
#include "app/anchorctl/sweep_settings.h"
#include "engine/core/error_text.h"
#include "engine/core/experiment/set_field.h"
#include "engine/core/experiment_json.h"
#include "engine/core/study/member_text.h"
#include "engine/core/task/describe.h"
#include "engine/core/task/task.h"
#include "engine/session/run_estimate.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

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

/// "1, 2, 4"; of a long list its begin.
std::string listText(const std::vector<std::string>& json_texts) {
  constexpr std::size_t kMostTold = 10;
  std::string text;
  for (std::size_t i = 0; i < std::min(json_texts.size(), kMostTold); ++i) {
    text += (i == 0 ? "" : ", ") + core::valueText(json_texts[i]);
  }
  const std::size_t more = json_texts.size() - std::min(json_texts.size(), kMostTold);
  return text + (more > 0 ? " and " + std::to_string(more) + " more" : "");
}

/// What a sweep would train.
void printFacts(const std::string& file, const core::StudyPlan& plan) {
  const std::size_t per_setting = plan.members.size() / plan.settings.size();
  engine::RunEstimate all;
  for (const std::size_t member : firstMembers(plan)) {
    const engine::RunEstimate one = engine::estimateRun(plan.experiment(member));
    all.steps += one.steps * static_cast<std::int64_t>(per_setting);
    all.bytes += one.bytes * static_cast<double>(per_setting);
  }
  std::cout << file << ": ok\n  study       " << plan.study.name << "\n  runs        "
            << withSpaces(static_cast<std::int64_t>(plan.members.size())) << "\n";
  for (std::size_t axis = 0; axis < plan.labels.size(); ++axis) {
    std::cout << "  varies      " << plan.study.axes[axis].pointer << ": "
              << listText(plan.values[axis]) << "\n";
  }
  if (plan.study.seeds) {
    std::vector<std::string> seeds;
    for (const std::uint64_t seed : plan.study.seeds->list()) {
      seeds.push_back(std::to_string(seed));
    }
    std::cout << "  seeds       " << listText(seeds) << "\n";
  }
  std::cout << "  training    " << withSpaces(all.steps) << " steps in all runs together\n"
            << "  run folders about " << engine::bytesText(all.bytes) << " together\n";
}

/// What is wrong, in which file or option, and the document that it points into.
struct Findings {
  core::SpecErrors errors;
  std::string place;
  core::Json document;
  core::ExperimentSpec spec;            ///< where it could be read
  std::optional<core::StudyPlan> plan;  ///< of a study
};

Findings findingsOf(const Options& options) {
  const std::string preset_hint = presetHint(options.file);
  const std::string hint = preset_hint.empty() ? studyHint(options.file) : preset_hint;
  if (!hint.empty()) {
    return {{core::SpecError{"", hint}}, options.file, core::Json(), {}, {}};
  }
  if (isStudyFile(options.file)) {
    StudyInput study = readStudyInput(options.file, options.assignments);
    return {std::move(study.errors),
            std::move(study.place),
            std::move(study.document),
            {},
            std::move(study.plan)};
  }
  const auto read = core::readExperiment(options.file);
  if (!read) {
    return {read.error(), options.file, core::documentIn(options.file), {}, {}};
  }
  const auto spec = core::setFields(*read, options.assignments);
  if (!spec) {
    return {spec.error(), "--set", core::assignedDocument(*read, options.assignments), {}, {}};
  }
  return {core::checkExperiment(*spec), options.file, core::assignedDocument(*spec, {}), *spec, {}};
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
  } else if (found.plan) {
    printFacts(options.file, *found.plan);
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
  CLI::App* command =
      addCommand(program, "check", "Say what is wrong in an experiment or study file",
                 "anchorctl check demo.json");
  command->add_option("FILE", options->file, "An experiment or study file")->required();
  addSet(*command, options->assignments);
  addJson(*command, options->json);
  command->callback([options, &action] { action = [options] { return runCheck(*options); }; });
}

}  // namespace anchorlens::ctl
