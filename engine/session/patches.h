// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/inspect.h"

#include <cstdint>
#include <vector>

/// Patches out of what an earlier call of Trainer::inspect kept, of this model or of another
/// step's.
namespace anchorlens::engine {

/// The output of one head: sequence i gets that of sequence rows[i] of `source`, which kept
/// head_outputs. rows: [n]; each below the source's number of sequences.
Patch headPatch(const InspectOutput& source, const HeadRef& head,
                const std::vector<std::size_t>& rows);

/// The residual stream at a boundary likewise; `source` kept residual.
Patch residualPatch(const InspectOutput& source, int boundary,
                    const std::vector<std::size_t>& rows);

/// 0 .. n - 1: every sequence from itself.
std::vector<std::size_t> sameRows(std::size_t n);

}  // namespace anchorlens::engine
