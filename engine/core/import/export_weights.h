// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/expected.h"
#include "engine/core/experiment.h"
#include "engine/core/import/foreign_names.h"
#include "engine/core/store/checkpoint.h"

#include <string>
#include <vector>

namespace anchorlens::core {

/// A model's weights under another program's names, with what that program needs beside them:
///
/// - native: as they are.
/// - pytorch: a state dict of torch.nn's own modules, with sinusoids as a table. What loads it:
///   resources/python/anchorlens_model.py
/// - transformerlens: a state dict of HookedTransformer; metadata "config" is the JSON of its
///   HookedTransformerConfig. Biases that the model lacks are zeros, a projection that it lacks is
///   the identity, positions are a table.
///
/// Metadata of `weights` is kept, and "names" added. The error says what the program cannot
/// compute, and what can.
Expected<Checkpoint, std::string> exportWeights(const Checkpoint& weights,
                                                const ExperimentSpec& spec, NameFamily family);

/// What HookedTransformer has and the model lacks, as it is exported: positions, projections,
/// biases (of the unembedding, too: not among these).
std::vector<Tensor> lensFillers(const ModelSpec& model);

}  // namespace anchorlens::core
