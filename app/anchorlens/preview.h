// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/live_data.h"
#include "app/anchorlens/session_factory.h"

namespace anchorlens::app {

/// The untrained model of a draft on its probe batch.
struct Preview {
  RunFacts facts;
  FramePtr frame;  ///< step 0
};

/// Opens the engine, initialises the model with the draft's seed (the same weights that a run of it
/// starts from) and scores its heads. Nothing is written. On the worker's thread.
engine::Result<Preview> makePreview(const SessionFactory& factory, RunId id,
                                    const core::ExperimentSpec& spec);

}  // namespace anchorlens::app
