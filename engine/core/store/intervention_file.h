// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/intervention.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// RUN/interventions.json: every change that was made to the training (docs/format_run.md). Apart
/// from the database, since it is no result: training reads it again to do the same once more.
namespace anchorlens::core {

inline constexpr const char* kInterventionsName = "interventions.json";

/// Ascending by step, in the order of asking within one; empty when there is no file.
Expected<std::vector<Intervention>, IoError> readInterventions(const std::filesystem::path& run);

/// In place and on the disk when this returns, or nothing has changed. Only for the holder of the
/// run's lock.
Expected<void, IoError> writeInterventions(const std::filesystem::path& run,
                                           const std::vector<Intervention>& history);

/// The same for a folder that is about to be a run; without changes a file that was left behind
/// goes.
Expected<void, IoError> beginInterventions(const std::filesystem::path& run,
                                           const std::vector<Intervention>& history);

std::string interventionsJson(const std::vector<Intervention>& history);
/// The error says where and what is wrong.
Expected<std::vector<Intervention>, std::string> parseInterventions(std::string_view json);

}  // namespace anchorlens::core
