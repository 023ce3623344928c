// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/study.h"
#include "engine/core/study/member_facts.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// Every number that the runs of a study recorded, as tables for other programs
/// (docs/format_study.md, "Results").
namespace anchorlens::core {

/// The lifts of a head that a table has: shift, broadcast, self, sink, induction, duplicate.
constexpr std::size_t kResultScores = 6;
inline constexpr std::array<const char*, kResultScores> kResultScoreNames{
    "shift", "broadcast", "self", "sink", "induction", "duplicate"};
/// NaN where a score does not exist.
std::array<double, kResultScores> resultScores(const HeadScores& head);

/// One run of the study.
struct RunResults {
  MemberFacts facts;
  int n_layers = 0;  ///< 0 for models without heads
  int n_heads = 0;
  std::vector<GroupInfo> groups;  ///< what GroupMetrics::group counts
  std::vector<Metrics> evaluations;
  std::vector<RunReader::FrameScores> frames;
  std::vector<StepMetrics> training_steps;  ///< of readResults alone; all, or the last

  std::size_t heads() const {
    return static_cast<std::size_t>(n_layers) * static_cast<std::size_t>(n_heads);
  }
  /// Of kind shift or broadcast (index into kResultScoreNames); by scores.h's rule.
  std::optional<std::int64_t> emergence(std::size_t head, std::size_t score) const;
  /// What a head is called at every frame; nothing at one that has not that head.
  std::vector<HeadLabel> labels(std::size_t head) const;
};

/// What lies in a run's directory. What is not there yet, or cannot be read, is empty and says so
/// in its facts. `groups`: of the experiment's task.
RunResults readRun(const std::filesystem::path& run, const ExperimentSpec& spec,
                   std::vector<GroupInfo> groups);

/// In the order of the plan's members.
std::vector<RunResults> readResults(const StudyPlan& plan, const std::filesystem::path& folder,
                                    bool all_steps);

/// A row a run with its last numbers; cells that a run does not have are empty.
std::string resultsCsv(const StudyPlan& plan, const std::vector<RunResults>& results);
/// A zip stays below 4 GiB.
inline constexpr std::uint64_t kMostNpzBytes = 4'290'000'000;
/// All steps, evaluations and frames, padded with NaN and -1. An error where they are more than the
/// file can hold.
Expected<std::string, IoError> resultsNpz(const StudyPlan& plan,
                                          const std::vector<RunResults>& results,
                                          std::uint64_t most_bytes = kMostNpzBytes);

}  // namespace anchorlens::core
