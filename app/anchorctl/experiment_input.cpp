// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/experiment_input.h"

#include "app/anchorctl/report.h"
#include "engine/core/experiment/set_field.h"
#include "engine/core/experiment_json.h"
#include "engine/core/study.h"
#include "engine/session.h"
#include "engine/session/precision.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace anchorlens::ctl {

namespace {

std::string nameHint(const std::string& file, const std::string& what, const std::string& command) {
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) {
    return {};
  }
  return "there is no such file, but a " + what + " of that name: anchorctl " + command + " " +
         file + " > " + file + ".json";
}

}  // namespace

std::string presetHint(const std::string& file) {
  return core::presetText(file).empty() ? "" : nameHint(file, "preset", "presets");
}

std::string studyHint(const std::string& file) {
  return core::studyText(file).empty() ? "" : nameHint(file, "study", "studies");
}

std::optional<core::ExperimentSpec> withChanges(const core::ExperimentSpec& spec,
                                                const Changes& changes) {
  core::ExperimentSpec changed = spec;
  const auto apply = [&](const std::string& option, const std::vector<std::string>& assignments) {
    auto result = core::setFields(changed, assignments);
    if (!result) {
      printErrors(option, result.error(), core::assignedDocument(changed, assignments));
      return false;
    }
    changed = *result;
    return true;
  };
  if (!apply("--set", changes.assignments)) {
    return std::nullopt;
  }
  if (changes.device && !apply("--device", {"/training/device=" + *changes.device})) {
    return std::nullopt;
  }
  if (changes.threads &&
      !apply("--threads", {"/training/threads=" + std::to_string(*changes.threads)})) {
    return std::nullopt;
  }
  return changed;
}

std::optional<core::ExperimentSpec> readInput(const std::string& file, const Changes& changes) {
  if (const std::string hint = presetHint(file); !hint.empty()) {
    printError(file, hint);
    return std::nullopt;
  }
  auto spec = core::readExperiment(file);
  if (!spec) {
    printErrors(file, spec.error());
    return std::nullopt;
  }
  const auto changed = withChanges(*spec, changes);
  if (!changed) {
    return std::nullopt;
  }
  return isRight(*changed, file) ? changed : std::nullopt;
}

bool isRight(const core::ExperimentSpec& spec, const std::string& file) {
  const core::SpecErrors errors = core::checkExperiment(spec);
  printErrors(file, errors, core::assignedDocument(spec, {}));
  return errors.empty();
}

bool canTrainHere(const core::ExperimentSpec& spec, const std::string& place) {
  const std::string& device = spec.training.device;
  const auto no_cuda = device.rfind("cuda", 0) == 0 ? engine::whyNoCuda() : std::nullopt;
  if (no_cuda) {
    printError(place + ": /training/device", "\"" + device + "\" cannot be used here: " + *no_cuda);
  }
  const auto precision = engine::precisionProblem(spec.training);
  if (precision) {
    printErrors(place, {*precision});
  }
  return !no_cuda && !precision;
}

}  // namespace anchorlens::ctl
