// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/study_input.h"

#include "app/anchorctl/experiment_input.h"
#include "engine/core/error_text.h"
#include "engine/core/experiment/set_field.h"
#include "engine/core/experiment_json.h"

#include <utility>

namespace anchorlens::ctl {
namespace {

/// --set changes what all runs have in common; a field that the study varies would be set again.
core::SpecErrors setsAnAxis(const core::StudySpec& study,
                            const std::vector<std::string>& assignments) {
  core::SpecErrors errors;
  for (const std::string& assignment : assignments) {
    const std::string pointer = assignment.substr(0, assignment.find('='));
    const std::string varied = core::variedField(study, pointer);
    if (!varied.empty()) {
      errors.push_back({pointer, "the study varies " + varied +
                                     "; expected a field that all its runs have in common"});
    }
  }
  return errors;
}

}  // namespace

StudyInput readStudyInput(const std::string& file, const std::vector<std::string>& assignments) {
  if (const std::string hint = studyHint(file); !hint.empty()) {
    return {std::nullopt, {core::SpecError{"", hint}}, file, {}};
  }
  auto study = core::readStudy(file);
  if (!study) {
    return {std::nullopt, study.error(), file, core::documentIn(file)};
  }
  if (auto errors = setsAnAxis(*study, assignments); !errors.empty()) {
    return {std::nullopt, std::move(errors), "--set", {}};
  }
  auto base = core::setFields(study->base, assignments);
  if (!base) {
    return {std::nullopt, base.error(), "--set", core::assignedDocument(study->base, assignments)};
  }
  study->base = std::move(*base);
  auto plan = core::planStudy(*study);
  if (!plan) {
    return {std::nullopt, plan.error(), file, core::documentIn(file)};
  }
  return {std::move(*plan), {}, file, {}};
}

bool isStudyFile(const std::string& file) {
  const nlohmann::ordered_json document = core::documentIn(file);
  const auto format = document.is_object() ? document.find("format") : document.end();
  return format != document.end() && *format == "anchorlens-study";
}

}  // namespace anchorlens::ctl
