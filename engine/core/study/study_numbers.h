// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/study.h"
#include "engine/core/study/run_numbers.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What the views of a study show.
namespace anchorlens::core {

/// A study and the numbers of its runs at one moment. Immutable once it is shared.
struct StudyData {
  std::shared_ptr<const StudyPlan> plan;
  /// Of each member; null: not read yet.
  std::vector<std::shared_ptr<const RunNumbers>> runs;

  std::size_t finished() const;
  std::size_t failed() const;
};

/// A number that every run of a study may have.
struct StudyNumber {
  enum class Kind {
    Accuracy,       ///< of the group `name`
    Loss,           ///< the same
    Inferential,    ///< share of the answers to the pair `name`
    Symmetric,      ///< the same
    Neither,        ///< the same
    Balance,        ///< inferential minus symmetric, -1 to 1
    ShiftStep,      ///< when the first head began to shift
    BroadcastStep,  ///< when the first head began to broadcast
    Shift,          ///< the largest lift of any head
    Broadcast,
  };
  Kind kind = Kind::Accuracy;
  std::string name = "Test";
  bool operator==(const StudyNumber&) const = default;
};

/// Those that some run can tell, in the order of a list for people.
std::vector<StudyNumber> numbersOf(const StudyData& data);
/// "accuracy Test", "inferential A=4 B=3", "shift step": as the command line has them.
std::string numberName(const StudyNumber& number);
std::optional<StudyNumber> numberNamed(const StudyData& data, const std::string& name);

/// Whether it is a step: one that is not there has not happened.
bool isStep(StudyNumber::Kind kind);

/// At a step (none: the newest one); NaN where the run does not have it. An emergence after `at`
/// has not happened yet.
double valueOf(const RunNumbers& run, const StudyNumber& number, std::optional<std::int64_t> at);

/// Reads the numbers of a study's runs, each again only when it has changed. No thread of its own.
class StudyNumberReader {
 public:
  StudyNumberReader(std::shared_ptr<const StudyPlan> plan, std::filesystem::path folder);

  /// Whether what was read of a run is older than these facts.
  bool isOld(std::size_t member, const MemberFacts& facts) const;
  void read(std::size_t member);
  /// Emergence in what was read, and in what will be, goes by these; until then by the defaults.
  void setThresholds(const LabelThresholds& thresholds);
  /// Shares what was read.
  StudyData data() const { return m_data; }

 private:
  /// What all runs of one task have in common.
  struct TaskParts {
    TaskSpec task;
    ProbeSpec probe;
    std::vector<GroupInfo> groups;
    std::vector<MirrorPair> pairs;
  };
  const TaskParts& partsOf(const ExperimentSpec& spec);

  std::filesystem::path m_folder;
  StudyData m_data;
  LabelThresholds m_thresholds;
  std::vector<TaskParts> m_parts;
};

}  // namespace anchorlens::core
