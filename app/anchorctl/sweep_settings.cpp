// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/sweep_settings.h"

#include "app/anchorctl/experiment_input.h"
#include "app/anchorctl/report.h"

#include <algorithm>

namespace anchorlens::ctl {
namespace {

constexpr int kMostTold = 10;  ///< settings that cannot be trained

bool isVaried(const core::StudyPlan& plan, const char* pointer) {
  return !core::variedField(plan.study, pointer).empty();
}

}  // namespace

std::vector<std::size_t> firstMembers(const core::StudyPlan& plan) {
  std::vector<std::size_t> members;
  std::vector<bool> is_known(plan.settings.size());
  for (std::size_t member = 0; member < plan.members.size(); ++member) {
    const std::size_t setting = plan.members[member].setting;
    if (!is_known[setting]) {
      is_known[setting] = true;
      members.push_back(member);
    }
  }
  return members;
}

int mostThreads(const core::StudyPlan& plan) {
  if (!isVaried(plan, "/training/threads")) {
    return plan.study.base.training.threads;
  }
  int most = 1;
  for (const std::size_t member : firstMembers(plan)) {
    most = std::max(most, plan.experiment(member).training.threads);
  }
  return most;
}

bool canTrainAllHere(const core::StudyPlan& plan, const std::string& file) {
  if (!isVaried(plan, "/training/device") && !isVaried(plan, "/training/precision")) {
    return canTrainHere(plan.study.base, file + ": /base");
  }
  int refused = 0;
  for (const std::size_t member : firstMembers(plan)) {
    const std::string setting = plan.settingText(plan.members[member].setting);
    if (canTrainHere(plan.experiment(member), file + ": " + setting)) {
      continue;
    }
    if (++refused == kMostTold) {
      printError(file, "settings after these " + std::to_string(kMostTold) + " were not looked at");
      break;
    }
  }
  return refused == 0;
}

}  // namespace anchorlens::ctl
