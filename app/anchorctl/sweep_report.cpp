// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/sweep_report.h"

#include "app/anchorctl/command.h"
#include "app/anchorctl/report.h"
#include "app/anchorctl/text_table.h"
#include "engine/core/study/spread.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <optional>
#include <sstream>

namespace anchorlens::ctl {
namespace {

using Json = nlohmann::ordered_json;
using State = core::MemberFacts::State;

/// The runs of one setting.
struct SettingResult {
  std::size_t runs = 0;
  std::size_t finished = 0;
  std::vector<double> train_accuracy;  ///< of the finished ones
  std::vector<double> test_accuracy;
};

std::vector<SettingResult> bySetting(const core::StudyPlan& plan,
                                     const std::vector<MemberResult>& results) {
  std::vector<SettingResult> settings(plan.settings.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    SettingResult& setting = settings[plan.members[i].setting];
    ++setting.runs;
    if (results[i].facts.state == State::Finished) {
      ++setting.finished;
      setting.train_accuracy.push_back(results[i].facts.metrics.train_accuracy);
      setting.test_accuracy.push_back(results[i].facts.metrics.test_accuracy);
    }
  }
  return settings;
}

bool hasFailed(const MemberResult& result) {
  return !result.problem.empty() || result.facts.state == State::Failed;
}

std::string stateText(const MemberResult& result) {
  return result.problem.empty() ? result.facts.state_name : "failed";
}

Json valuesJson(const core::StudyPlan& plan, std::size_t setting) {
  Json values = Json::object();
  for (std::size_t axis = 0; axis < plan.labels.size(); ++axis) {
    values[plan.study.axes[axis].pointer] =
        Json::parse(plan.values[axis][plan.settings[setting][axis]]);
  }
  return values;
}

Json spreadJson(const std::vector<double>& values) {
  const auto spread = core::spreadOf(values);
  if (!spread) {
    return nullptr;
  }
  return {{"median", spread->median}, {"min", spread->min}, {"max", spread->max}};
}

Json memberJson(const core::StudyPlan& plan, std::size_t index, const MemberResult& result) {
  const core::StudyMember& member = plan.members[index];
  const bool has_metrics = !result.facts.metrics.groups.empty();
  const core::Metrics& metrics = result.facts.metrics;
  const auto number = [&](double value) { return has_metrics ? jsonNumber(value) : Json(); };
  Json json{{"run", member.folder}};
  json["values"] = valuesJson(plan, member.setting);
  json["seed"] = member.seed ? Json(*member.seed) : Json();
  json["state"] = stateText(result);
  json["reason"] = whyUnfinished(result);
  json["step"] = result.facts.step;
  json["train_accuracy"] = number(metrics.train_accuracy);
  json["test_accuracy"] = number(metrics.test_accuracy);
  json["train_loss"] = number(metrics.train_loss);
  json["test_loss"] = number(metrics.test_loss);
  return json;
}

std::string numberText(const MemberResult& result, double core::Metrics::*number) {
  return result.facts.metrics.groups.empty() ? "-" : fixed(result.facts.metrics.*number, 4);
}

std::string membersTable(const core::StudyPlan& plan, const std::vector<MemberResult>& results) {
  using Align = TextTable::Align;
  TextTable table({{"run", Align::Left},
                   {"state", Align::Left},
                   {"step", Align::Right},
                   {"train", Align::Right},
                   {"test", Align::Right}});
  for (std::size_t i = 0; i < results.size(); ++i) {
    table.addRow({plan.members[i].folder, stateText(results[i]), withSpaces(results[i].facts.step),
                  numberText(results[i], &core::Metrics::train_accuracy),
                  numberText(results[i], &core::Metrics::test_accuracy)});
    std::istringstream reasons(whyUnfinished(results[i]));
    for (std::string line; std::getline(reasons, line);) {
      table.addNote("    " + line);
    }
  }
  return table.text();
}

std::string settingsTable(const core::StudyPlan& plan, const std::vector<MemberResult>& results) {
  using Align = TextTable::Align;
  TextTable table({{"setting", Align::Left},
                   {"finished", Align::Right},
                   {"test, median", Align::Right},
                   {"lowest", Align::Right},
                   {"highest", Align::Right}});
  const auto settings = bySetting(plan, results);
  for (std::size_t i = 0; i < settings.size(); ++i) {
    if (settings[i].runs == 0) {
      continue;  // of a part of the study
    }
    const auto spread = core::spreadOf(settings[i].test_accuracy);
    const std::string name = plan.settingText(i);
    table.addRow({name.empty() ? "all" : name,
                  std::to_string(settings[i].finished) + " of " + std::to_string(settings[i].runs),
                  spread ? fixed(spread->median, 4) : "-", spread ? fixed(spread->min, 4) : "-",
                  spread ? fixed(spread->max, 4) : "-"});
  }
  return table.text();
}

}  // namespace

std::string whyUnfinished(const MemberResult& result) {
  if (!result.problem.empty()) {
    return result.problem;
  }
  return result.facts.state == State::Finished ? "" : result.facts.reason;
}

std::string sweepTable(const core::StudyPlan& plan, const std::vector<MemberResult>& results) {
  return membersTable(plan, results) + "\n" + settingsTable(plan, results);
}

Json sweepJson(const core::StudyPlan& plan, const std::string& folder,
               const std::vector<MemberResult>& results) {
  Json json{{"study", plan.study.name}, {"folder", folder}};
  json["runs"] = Json::array();
  for (std::size_t i = 0; i < results.size(); ++i) {
    json["runs"].push_back(memberJson(plan, i, results[i]));
  }
  json["settings"] = Json::array();
  const auto settings = bySetting(plan, results);
  for (std::size_t i = 0; i < settings.size(); ++i) {
    if (settings[i].runs == 0) {
      continue;
    }
    Json row;
    row["values"] = valuesJson(plan, i);
    row["runs"] = settings[i].runs;
    row["finished"] = settings[i].finished;
    row["train_accuracy"] = spreadJson(settings[i].train_accuracy);
    row["test_accuracy"] = spreadJson(settings[i].test_accuracy);
    json["settings"].push_back(std::move(row));
  }
  return json;
}

int printSweep(const core::StudyPlan& plan, const std::string& folder,
               const std::vector<MemberResult>& results, bool json) {
  if (json) {
    printJson(sweepJson(plan, folder, results));
  } else {
    std::cout << sweepTable(plan, results);
  }
  std::cout << std::flush;
  int code = kDone;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (hasFailed(results[i])) {
      code = kFailed;
      printError(plan.members[i].folder, whyUnfinished(results[i]));
    }
  }
  return code;
}

std::size_t finishedRuns(const std::vector<MemberResult>& results) {
  return static_cast<std::size_t>(
      std::count_if(results.begin(), results.end(), [](const MemberResult& result) {
        return result.facts.state == State::Finished && result.problem.empty();
      }));
}

std::size_t failedRuns(const std::vector<MemberResult>& results) {
  return static_cast<std::size_t>(std::count_if(results.begin(), results.end(), hasFailed));
}

}  // namespace anchorlens::ctl
