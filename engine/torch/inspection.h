// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/inspect.h"
#include "engine/session.h"
#include "engine/torch/model.h"

namespace anchorlens::engine {

/// Trainer::inspect. `model` is the reference (makeModel). Works through the sequences in chunks:
/// beside the output it holds at most some 32 MB of activations.
Result<InspectOutput> inspectModel(const Model& model, const core::ModelSpec& spec,
                                   const core::SequenceSet& set, const InspectRequest& request,
                                   at::Device device);

}  // namespace anchorlens::engine
