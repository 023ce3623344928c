// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorctl/sweep_run.h"
#include "engine/core/study.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace anchorlens::ctl {

/// A row for every run, with a line of why it is not finished; then one for every setting: median
/// and range over its seeds.
std::string sweepTable(const core::StudyPlan& plan, const std::vector<MemberResult>& results);
/// The same as one JSON value (docs/commands.md).
nlohmann::ordered_json sweepJson(const core::StudyPlan& plan, const std::string& folder,
                                 const std::vector<MemberResult>& results);

/// Prints either, and on standard error why runs failed; the exit code.
int printSweep(const core::StudyPlan& plan, const std::string& folder,
               const std::vector<MemberResult>& results, bool json);

std::size_t finishedRuns(const std::vector<MemberResult>& results);
std::size_t failedRuns(const std::vector<MemberResult>& results);
/// Why a run is not finished; empty when it is.
std::string whyUnfinished(const MemberResult& result);

}  // namespace anchorlens::ctl
