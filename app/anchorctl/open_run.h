// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session/run_session.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace anchorlens::ctl {

/// A run at the step that was asked for, with the code that a failure ends with.
struct OpenedRun {
  std::unique_ptr<engine::RunSnapshot> snapshot;
  int code = 0;
};

/// Prints what is wrong, which step it is when that one is too far for a replay, and what holds
/// there of changes while it was trained. `at` empty:
/// the last checkpoint.
OpenedRun openRun(const std::string& run, std::optional<std::int64_t> at);

/// "in_effect", where something holds at the step of a run that was changed while it was trained.
void addInEffect(nlohmann::ordered_json& json, const engine::RunSnapshot& snapshot);

}  // namespace anchorlens::ctl
