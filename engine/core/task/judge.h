// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/plan.h"

#include <cstdint>
#include <span>
#include <string>

namespace anchorlens::core {

/// What the task says of a sequence, and how it was read. Private to the task.
struct Judged {
  Judgement judgement;
  Reading reading;
};
Expected<Judged, std::string> judgeTokens(const TaskPlan& plan,
                                          std::span<const std::int32_t> tokens);

}  // namespace anchorlens::core
