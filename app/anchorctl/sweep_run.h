// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorctl/child_process.h"
#include "app/anchorctl/interrupt.h"
#include "app/anchorctl/sweep_progress.h"
#include "app/anchorctl/sweep_way.h"
#include "engine/core/store/run_lock.h"
#include "engine/core/study.h"
#include "engine/core/study/member_facts.h"

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace anchorlens::ctl {

/// What became of a member, as the folder and its process say.
struct MemberResult {
  core::MemberFacts facts;
  std::string problem;  ///< why its process did not finish it; empty when it did
};

/// Trains the members of a study (or of a part of it) that are not finished yet, several at once,
/// each in a process of its own, or those of a fleet in one. A member that fails does not keep the
/// others from being trained.
class SweepRun {
 public:
  /// `folder` is prepared.
  SweepRun(const core::StudyPlan& plan, std::filesystem::path folder);

  /// Members that are still to be trained here.
  std::size_t left() const { return m_waiting.size(); }

  /// Until all have been tried, or `interrupt` is requested: then every process is told to save and
  /// end, and is waited for. `lock` is the folder's, if this process has it.
  void run(const SweepWay& way, const Interrupt& interrupt, const core::RunLock* lock);
  /// Steps of all runs together.
  std::int64_t steps() const;
  const std::vector<MemberResult>& results() const { return m_results; }

 private:
  struct Training {
    std::size_t member = 0;
    bool is_new = false;                      ///< trains from the start; else it resumes
    std::unique_ptr<core::RunReader> reader;  ///< of its step, once it can be opened
  };
  /// A process, and what it trains.
  struct Running {
    std::vector<Training> members;
    bool is_fleet = false;
    std::optional<int> core;
    std::optional<int> gpu;
    ChildProcess process;
  };

  std::filesystem::path folderOf(std::size_t member) const;
  bool isDone(std::size_t member) const;
  void look(std::size_t member);

  // sweep_start.cpp
  void startNext();
  std::vector<std::size_t> nextToStart();
  bool start(const std::vector<std::size_t>& members);
  std::optional<ChildProcess> startAlone(std::size_t member, std::optional<int> core,
                                         std::optional<int> gpu) const;
  std::optional<ChildProcess> startFleet(const std::vector<std::size_t>& members,
                                         std::optional<int> gpu) const;
  std::optional<std::size_t> shapeOf(std::size_t member) const;
  std::size_t countRunning(bool is_fleet) const;
  std::optional<int> freeCore() const;
  std::optional<int> gpuFor(bool is_fleet) const;

  void lookAtHeld();
  void collect(bool is_ending);
  bool isTakenByAnother(const Training& training, const Running& running, const ChildEnd& end);
  void keepProblem(std::size_t member);
  void ended(const Training& training, const Running& running, const ChildEnd& end, bool is_ending);
  std::string wordsOf(std::size_t member, const Running& running, const ChildEnd& end) const;
  void lookAtSteps();
  void lookAtStep(Training& training);
  void showProgress();

  const core::StudyPlan& m_plan;
  std::filesystem::path m_folder;
  SweepWay m_way;
  std::vector<MemberResult> m_results;
  std::vector<std::int64_t> m_totals;  ///< steps of each setting
  std::vector<bool> m_is_alone;        ///< members that may join no fleet
  std::deque<std::size_t> m_waiting;
  std::vector<std::size_t> m_held;  ///< another program trains them
  std::vector<Running> m_running;
  SweepProgress m_progress;
  int m_rounds = 0;
};

}  // namespace anchorlens::ctl
