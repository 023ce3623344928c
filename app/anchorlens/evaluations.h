// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/inspect.h"
#include "engine/session/run_session.h"
#include "widgets/head_map_data.h"
#include "widgets/predictions/lens_view.h"
#include "widgets/predictions/probe_summary.h"

#include <vector>

/// What the Predictions tab shows that is computed from weights.
namespace anchorlens::app {

/// Without the heads that are `zeroed`.
engine::Result<widgets::ProbeSummary> summaryOf(engine::RunSnapshot& snapshot,
                                                const std::vector<engine::HeadRef>& zeroed = {});
/// Of one sequence of the probe, without the heads that are `zeroed`.
engine::Result<widgets::LensData> lensOf(engine::RunSnapshot& snapshot, int sequence,
                                         const widgets::ProbeContext& probe,
                                         const std::vector<engine::HeadRef>& zeroed = {});

}  // namespace anchorlens::app
