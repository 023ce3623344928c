// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/study_planner.h"

#include "engine/core/step_schedule.h"

#include <utility>

namespace anchorlens::app {

void StudyPlanner::plan(const Question& question) {
  if (question.stop.stop_requested())
    return;
  Answer answer;
  answer.number = question.number;
  auto plan = core::planStudy(question.study, question.stop);
  if (question.stop.stop_requested())
    return;
  if (plan) {
    auto study = std::make_shared<widgets::PlannedStudy>();
    study->plan = std::move(*plan);
    const std::size_t seeds = study->plan.members.size() / study->plan.settings.size();
    for (std::size_t setting = 0; setting < study->plan.settings.size(); ++setting)
      study->steps.push_back(core::totalSteps(study->plan.experiment(setting * seeds)));
    answer.study = std::move(study);
  } else {
    answer.errors = std::move(plan.error());
  }
  emit planned(answer);
}

}  // namespace anchorlens::app
