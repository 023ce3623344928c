// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/document.h"
#include "engine/core/experiment_json.h"
#include "engine/core/study/check_runs.h"
#include "engine/core/study/member_text.h"
#include "engine/core/study/study_fields.h"

#include <utility>

namespace anchorlens::core {
namespace {

/// Each combination makes the base's text once more: keeps a hostile file from taking for ever.
constexpr std::size_t kMaxPlannedBytes = std::size_t{256} << 20;

/// The values of every axis. A number field decides by its kind whether a range has integers.
void addValues(StudyPlan& plan, const Json& document, SpecErrors& errors) {
  for (std::size_t i = 0; i < plan.study.axes.size(); ++i) {
    const StudyAxis& axis = plan.study.axes[i];
    if (axis.values) {
      plan.values.push_back(*axis.values);
      continue;
    }
    const Json* field = fieldAt(document, axis.pointer);
    const bool is_integer = field && field->is_number_integer();
    plan.values.push_back(rangeValues(*axis.range, is_integer));
    const std::vector<std::string>& values = plan.values.back();
    const std::size_t repeated = firstRepeated(values);
    if (repeated < values.size()) {
      errors.push_back({"/axes/" + std::to_string(i) + "/range",
                        "of its " + std::to_string(values.size()) +
                            " values, rounded to integers, " + values[repeated] +
                            " occurs twice; expected fewer values"});
    }
  }
}

std::string countText(const StudyPlan& plan, std::size_t seeds) {
  std::string text;
  for (const auto& values : plan.values)
    text += (text.empty() ? "" : " x ") + std::to_string(values.size());
  if (plan.study.seeds)
    text += (text.empty() ? "" : " x ") + std::to_string(seeds) + " seeds";
  return text;
}

/// Whether there are as many runs as are allowed.
bool isBounded(const StudyPlan& plan, std::size_t seeds, std::size_t base_bytes,
               SpecErrors& errors) {
  std::size_t settings = 1;
  for (const auto& values : plan.values)
    settings *= values.size();
  const std::string limit = std::to_string(kMaxStudyRuns);
  if (settings * seeds > kMaxStudyRuns) {
    errors.push_back({plan.study.axes.empty() ? "/seeds" : "/axes",
                      countText(plan, seeds) + " are " + std::to_string(settings * seeds) +
                          " runs; a study has at most " + limit});
  } else if (settings * base_bytes > kMaxPlannedBytes) {
    errors.push_back({"/base", "has " + std::to_string(base_bytes) +
                                   " bytes; of such a base at most " +
                                   std::to_string(kMaxPlannedBytes / base_bytes) +
                                   " combinations can be made, got " + std::to_string(settings)});
  }
  return errors.empty();
}

/// All combinations, the last axis fastest.
void addSettings(StudyPlan& plan) {
  std::vector<std::size_t> setting(plan.values.size(), 0);
  for (;;) {
    plan.settings.push_back(setting);
    std::size_t axis = setting.size();
    while (axis > 0 && ++setting[axis - 1] == plan.values[axis - 1].size())
      setting[--axis] = 0;
    if (axis == 0)
      return;
  }
}

void addMembers(StudyPlan& plan, const Json& document, const std::vector<std::uint64_t>& seeds) {
  const std::size_t per_setting = seeds.empty() ? 1 : seeds.size();
  const std::size_t count = plan.settings.size() * per_setting;
  for (std::size_t setting = 0; setting < plan.settings.size(); ++setting) {
    for (std::size_t i = 0; i < per_setting; ++i) {
      const auto seed = seeds.empty() ? std::nullopt : std::optional(seeds[i]);
      plan.members.push_back(makeMember(plan, document, plan.members.size(), count, setting, seed));
    }
  }
}

}  // namespace

ExperimentSpec StudyPlan::experiment(std::size_t member) const {
  const StudyMember& which = members.at(member);
  ExperimentSpec spec = setFields(study.base, assignmentsOf(*this, which.setting)).value();
  bool has_name = false;
  for (const StudyAxis& axis : study.axes)
    has_name = has_name || axis.pointer == "/name";
  if (!has_name)
    spec.name = which.name;
  if (which.seed)
    spec.training.seed = *which.seed;
  if (which.seed && study.seeds->sets == StudySeeds::Sets::TrainingAndData)
    spec.data.seed = *which.seed;
  return spec;
}

Expected<StudyPlan, SpecErrors> planStudy(const StudySpec& study, std::stop_token stop) {
  auto read = parseStudy(writeStudy(study));
  if (!read)
    return Unexpected(std::move(read).error());
  StudyPlan plan;
  plan.study = std::move(*read);
  const Json document = toDocument(plan.study.base);
  const auto seeds = plan.study.seeds ? plan.study.seeds->list() : std::vector<std::uint64_t>();
  plan.labels = fieldLabels(plan.study.axes, plan.study.seeds ? std::vector<std::string>{"seed"}
                                                              : std::vector<std::string>());
  SpecErrors errors;
  addValues(plan, document, errors);
  if (!isBounded(plan, seeds.empty() ? 1 : seeds.size(), canonicalText(document).size(), errors))
    return Unexpected(std::move(errors));
  addSettings(plan);
  addMembers(plan, document, seeds);
  errors = checkRuns(plan, std::move(stop));
  if (!errors.empty())
    return Unexpected(std::move(errors));
  return plan;
}

}  // namespace anchorlens::core
