// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session/run_session.h"
#include "widgets/head_map_data.h"
#include "widgets/predictions/lens_view.h"
#include "widgets/predictions/probe_summary.h"

/// What the Predictions tab shows that is computed from weights.
namespace anchorlens::app {

engine::Result<widgets::ProbeSummary> summaryOf(engine::RunSnapshot& snapshot);
/// Of one sequence of the probe.
engine::Result<widgets::LensData> lensOf(engine::RunSnapshot& snapshot, int sequence,
                                         const widgets::ProbeContext& probe);

}  // namespace anchorlens::app
