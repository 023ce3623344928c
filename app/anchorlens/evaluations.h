// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/head_ref.h"
#include "engine/session/run_session.h"
#include "widgets/head_map_data.h"
#include "widgets/predictions/lens_view.h"
#include "widgets/predictions/probe_summary.h"

#include <vector>

/// What the Predictions tab shows that is computed from weights.
namespace anchorlens::app {

/// `without`: heads whose output is 0.
engine::Result<widgets::ProbeSummary> summaryOf(engine::RunSnapshot& snapshot,
                                                const std::vector<core::HeadRef>& without);
/// Of one sequence of the probe.
engine::Result<widgets::LensData> lensOf(engine::RunSnapshot& snapshot, int sequence,
                                         const widgets::ProbeContext& probe,
                                         const std::vector<core::HeadRef>& without);

}  // namespace anchorlens::app
