// SPDX-License-Identifier: GPL-3.0-or-later
// Which processes a sweep starts.
#include "app/anchorctl/report.h"
#include "app/anchorctl/slurm_script.h"
#include "app/anchorctl/sweep_run.h"
#include "engine/core/experiment_json.h"
#include "engine/core/store/run_place.h"
#include "engine/core/study/member_problem.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace anchorlens::ctl {

void SweepRun::startNext() {
  for (std::vector<std::size_t> next = nextToStart(); !next.empty(); next = nextToStart()) {
    if (start(next)) {
      continue;
    }
    if (!m_running.empty()) {
      // There is no room for one more now; when one has ended there is.
      m_waiting.insert(m_waiting.begin(), next.begin(), next.end());
      return;
    }
    const std::string why = std::generic_category().message(errno);
    for (const std::size_t member : next) {
      m_results[member].problem = "its process could not be started: " + why;
      keepProblem(member);
    }
  }
}

/// Taken out of those that wait; empty where none has a place.
std::vector<std::size_t> SweepRun::nextToStart() {
  if (const std::size_t fleets = countRunning(true); fleets < m_way.fleets.at_once) {
    auto fleet = takeFleet(m_waiting, m_way.fleets.most_runs, m_way.fleets.at_once - fleets,
                           [this](std::size_t member) { return shapeOf(member); });
    if (!fleet.empty()) {
      return fleet;
    }
  }
  const auto alone = std::find_if(m_waiting.begin(), m_waiting.end(),
                                  [this](std::size_t member) { return !shapeOf(member); });
  if (alone == m_waiting.end() || countRunning(false) >= m_way.jobs) {
    return {};
  }
  const std::size_t member = *alone;
  m_waiting.erase(alone);
  return {member};
}

std::optional<std::size_t> SweepRun::shapeOf(std::size_t member) const {
  const auto& shapes = m_way.fleets.shapes;
  return m_is_alone[member] || shapes.empty() ? std::nullopt
                                              : shapes[m_plan.members[member].setting];
}

std::size_t SweepRun::countRunning(bool is_fleet) const {
  return static_cast<std::size_t>(
      std::count_if(m_running.begin(), m_running.end(),
                    [&](const Running& running) { return running.is_fleet == is_fleet; }));
}

std::optional<int> SweepRun::freeCore() const {
  for (const int core : m_way.cores) {
    const bool is_taken = std::any_of(m_running.begin(), m_running.end(),
                                      [&](const Running& running) { return running.core == core; });
    if (!is_taken) {
      return core;
    }
  }
  return std::nullopt;
}

/// Fleets have one each, whatever is trained alone beside them.
std::optional<int> SweepRun::gpuFor(bool is_fleet) const {
  std::vector<int> taken;
  for (const Running& running : m_running) {
    if (running.gpu && (running.is_fleet || !is_fleet)) {
      taken.push_back(*running.gpu);
    }
  }
  return gpuOfFewest(m_way.gpus, taken);
}

bool SweepRun::start(const std::vector<std::size_t>& members) {
  const bool is_fleet = shapeOf(members.front()).has_value();
  const std::optional<int> core = is_fleet ? std::nullopt : freeCore();
  const std::optional<int> gpu = gpuFor(is_fleet);
  std::vector<Training> training;
  for (const std::size_t member : members) {
    training.push_back({member, !core::isThere(folderOf(member) / core::kExperimentName), nullptr});
  }
  auto process = is_fleet ? startFleet(members, gpu) : startAlone(members.front(), core, gpu);
  if (!process) {
    return false;
  }
  for (const std::size_t member : members) {
    core::removeProblem(folderOf(member));  // it goes on
  }
  m_running.push_back({std::move(training), is_fleet, core, gpu, std::move(*process)});
  return true;
}

std::optional<ChildProcess> SweepRun::startAlone(std::size_t member, std::optional<int> core,
                                                 std::optional<int> gpu) const {
  const std::string run = folderOf(member).string();
  const bool is_there = core::isThere(folderOf(member) / core::kExperimentName);
  std::vector<std::string> arguments =
      is_there ? std::vector<std::string>{"resume", run}
               : std::vector<std::string>{"train", "/dev/stdin", "--out", run};
  if (m_way.is_shared) {
    arguments.emplace_back("--shared");
  }
  return ChildProcess::start(
      arguments, is_there ? "" : core::writeExperiment(m_plan.experiment(member)), core, gpu);
}

std::optional<ChildProcess> SweepRun::startFleet(const std::vector<std::size_t>& members,
                                                 std::optional<int> gpu) const {
  std::vector<std::size_t> places;  // in the whole study: a run's folder begins with its number
  for (const std::size_t member : members) {
    places.push_back(std::strtoul(m_plan.members[member].folder.c_str(), nullptr, 10) - 1);
  }
  std::vector<std::string> arguments{"sweep",     (m_folder / core::kStudyFile).string(),
                                     "--out",     m_folder.string(),
                                     "--member",  memberRanges(places),
                                     "--together"};
  if (m_way.is_shared) {
    arguments.emplace_back("--shared");
  }
  return ChildProcess::start(arguments, "", std::nullopt, gpu);
}

}  // namespace anchorlens::ctl
