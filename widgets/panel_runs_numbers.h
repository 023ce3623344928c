// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/number_table.h"
#include "widgets/panel_runs_model.h"

#include <vector>

namespace anchorlens::widgets {

/// The runs of these rows: name, the study or set-up that a run stands in, what differs, state,
/// step, test accuracy (a share), folder. What is not known is empty.
NumberTable runNumbers(const std::vector<RunRow>& rows);

}  // namespace anchorlens::widgets
