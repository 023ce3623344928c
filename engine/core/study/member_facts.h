// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"
#include "engine/core/study.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace anchorlens::core {

/// What a study's folder holds of one run.
struct MemberFacts {
  enum class State { NotStarted, Unfinished, Finished, Failed, Held };
  State state = State::NotStarted;
  RunState run_state = RunState::Created;
  std::string state_name = "not started";  ///< as the run says; "failed" with a kept problem
  std::string reason;                      ///< why it failed or ended early; who holds it
  std::int64_t step = 0;
  bool is_changed = false;  ///< while it was trained (intervention.h)
  bool is_another = false;  ///< the folder holds a run of another experiment: failed, no numbers
  Metrics metrics;          ///< of the last evaluation; without groups when there was none
};

/// Reads a run directory, and what is kept beside it of a problem (member_problem.h).
MemberFacts readMember(const std::filesystem::path& run);
/// The same of a run that is to be of this experiment; another name, device or kernel is none.
MemberFacts readMember(const std::filesystem::path& run, const ExperimentSpec& planned);
/// The same of a run of the plan, in the study's folder.
MemberFacts readMember(const StudyPlan& plan, std::size_t member,
                       const std::filesystem::path& folder);

/// Keeps why a run's process did not finish it, until the run goes on.
Expected<void, IoError> keepProblem(const std::filesystem::path& run, const std::string& problem);

}  // namespace anchorlens::core
