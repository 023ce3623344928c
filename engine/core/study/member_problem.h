// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

/// Why a run's process did not finish it, where the run itself cannot say so (it was killed, its
/// disk is full): a file beside the runs of a study, DIR/problems/RUN.json (docs/format_study.md).
namespace anchorlens::core {

struct MemberProblem {
  std::string text;
  /// Where the run stood then. A run that stands elsewhere has gone on since.
  std::string state;
  std::int64_t step = 0;
};

/// Empty when nothing is kept, or what is kept cannot be read.
std::optional<MemberProblem> readProblem(const std::filesystem::path& run);
Expected<void, IoError> writeProblem(const std::filesystem::path& run,
                                     const MemberProblem& problem);
void removeProblem(const std::filesystem::path& run);

}  // namespace anchorlens::core
