// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session/causal_record.h"

#include <string>
#include <vector>

namespace anchorlens::ctl {

/// What was tested, then accuracy, loss and logit difference of every group.
std::string causalText(const engine::CausalRecord& record, const core::Task& task);

/// One row a test, over all sequences.
std::string causalTable(const std::vector<engine::CausalRecord>& records);

}  // namespace anchorlens::ctl
