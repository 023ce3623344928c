// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/study/check_runs.h"

#include "engine/core/experiment/check.h"
#include "engine/core/experiment/document.h"
#include "engine/core/experiment/sha256.h"
#include "engine/core/experiment_json.h"
#include "engine/core/study/study_document.h"
#include "engine/core/study/study_fields.h"

#include <algorithm>
#include <map>
#include <utility>

namespace anchorlens::core {
namespace {

/// One fault and how many settings have it.
struct Fault {
  SpecError error;
  std::size_t settings = 1;
};

/// Compiles a task once as long as the settings have the same one.
class TaskCache {
 public:
  const Expected<Task, SpecErrors>& compiled(const TaskSpec& spec) {
    for (const auto& [known, task] : m_tasks) {
      if (known == spec)
        return task;
    }
    if (m_tasks.size() >= kKept)
      m_tasks.erase(m_tasks.begin());
    m_tasks.emplace_back(spec, Task::compile(spec));
    return m_tasks.back().second;
  }

 private:
  static constexpr std::size_t kKept = 16;
  std::vector<std::pair<TaskSpec, Expected<Task, SpecErrors>>> m_tasks;
};

class RunChecker {
 public:
  explicit RunChecker(const StudyPlan& plan)
      : m_plan(plan), m_base_errors(checkExperiment(plan.study.base)) {
    m_seeds = plan.members.size() / std::max<std::size_t>(1, plan.settings.size());
  }

  void check(std::size_t setting) {
    auto spec = setFields(m_plan.study.base, assignmentsOf(m_plan, setting));
    if (!spec) {
      note(setting, spec.error());
      return;
    }
    note(setting, checkMeaning(*spec, m_tasks.compiled(spec->task)));
    spec->name = "x";
    const auto [same, is_new] = m_seen.emplace(sha256Hex(writeExperiment(*spec)), setting);
    if (!is_new) {
      add("/axes", "runs " + runText(same->second) + " and " + runText(setting) +
                       " are the same experiment; expected different ones");
    }
  }

  SpecErrors take() {
    SpecErrors errors;
    for (auto& [key, fault] : m_faults) {
      if (fault.settings > 1)
        fault.error.message += "; so have " + std::to_string(fault.settings - 1) + " more settings";
      errors.push_back(std::move(fault.error));
    }
    if (!errors.empty())
      arrange(errors, errors.size(), toDocument(m_plan.study));
    return errors;
  }

  std::size_t faultCount() const { return m_faults.size(); }

 private:
  /// "3 (n_layers 2)"
  std::string runText(std::size_t setting) const {
    return std::to_string(setting * m_seeds + 1) + " (" + m_plan.settingText(setting) + ")";
  }

  void note(std::size_t setting, const SpecErrors& errors) {
    for (const SpecError& error : errors) {
      const bool is_of_base =
          m_plan.study.axes.empty() ||
          std::find(m_base_errors.begin(), m_base_errors.end(), error) != m_base_errors.end();
      if (is_of_base)
        addOfBase(error);
      else if (error.message.starts_with("no such field"))
        add(axisPlace(error.pointer) + "/pointer", error.message);
      else
        addOfSetting(setting, error);
    }
  }

  void addOfBase(SpecError error) {
    error.pointer.insert(0, "/base");
    const std::string key = error.pointer + "\n" + error.message;
    m_faults.emplace(key, Fault{std::move(error)});
  }

  void addOfSetting(std::size_t setting, const SpecError& error) {
    const std::size_t axis = axisOf(error.pointer);
    std::string place = axisPlace(error.pointer);
    SpecError shown = error;
    if (axis < m_plan.study.axes.size()) {
      const bool has_values = m_plan.study.axes[axis].values.has_value();
      const std::size_t value = m_plan.settings[setting][axis];
      place += has_values ? "/values/" + std::to_string(value) : "/range";
      if (!has_values || m_plan.study.axes[axis].pointer != error.pointer)
        shown.column = shown.column_length = 0;
    }
    const std::string key = place + "\n" + error.pointer + "\n" + error.message;
    shown.pointer = place;
    shown.message = "run " + runText(setting) + ": " + error.pointer + ": " + error.message;
    if (const auto [known, is_new] = m_faults.emplace(key, Fault{std::move(shown)}); !is_new)
      ++known->second.settings;
  }

  void add(const std::string& place, const std::string& message) {
    m_faults.emplace(place + "\n" + message, Fault{{place, message}});
  }

  /// The axis that a fault at `pointer` comes from; their number when that is not clear.
  std::size_t axisOf(const std::string& pointer) const {
    const auto& axes = m_plan.study.axes;
    const auto axis = std::find_if(axes.begin(), axes.end(), [&](const StudyAxis& candidate) {
      return overlap(candidate.pointer, pointer);
    });
    return axis == axes.end() && axes.size() == 1 ? 0
                                                  : static_cast<std::size_t>(axis - axes.begin());
  }
  std::string axisPlace(const std::string& pointer) const {
    const std::size_t axis = axisOf(pointer);
    return axis < m_plan.study.axes.size() ? "/axes/" + std::to_string(axis) : "/axes";
  }

  const StudyPlan& m_plan;
  std::size_t m_seeds = 1;
  SpecErrors m_base_errors;
  TaskCache m_tasks;
  std::map<std::string, std::size_t> m_seen;  ///< hash of an experiment: its setting
  std::map<std::string, Fault> m_faults;
};

}  // namespace

std::vector<std::string> assignmentsOf(const StudyPlan& plan, std::size_t setting) {
  std::vector<std::string> assignments;
  for (std::size_t i = 0; i < plan.study.axes.size(); ++i) {
    assignments.push_back(plan.study.axes[i].pointer + "=" +
                          plan.values[i][plan.settings[setting][i]]);
  }
  return assignments;
}

SpecErrors checkRuns(const StudyPlan& plan, std::stop_token stop) {
  RunChecker checker(plan);
  for (std::size_t setting = 0; setting < plan.settings.size(); ++setting) {
    if (stop.stop_requested())
      return {{"", "given up before all runs were checked"}};
    if (checker.faultCount() > kMaxSpecErrors)
      break;
    checker.check(setting);
  }
  return checker.take();
}

}  // namespace anchorlens::core
