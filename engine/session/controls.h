// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "engine/core/frame.h"
#include "engine/inspect.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// What a causal test is compared with: others of the same number, drawn by a seed.
namespace anchorlens::engine {

/// At most `draws` different sets of `count` heads; all there are when they are that few.
/// count <= others.size()
std::vector<std::vector<HeadRef>> controlHeads(const std::vector<HeadRef>& others,
                                               std::size_t count, int draws, std::uint64_t seed);

/// For every edge another one of the same sequence and layer that is not among them, drawn from the
/// eight whose attention is nearest; each is taken once. Ascending; fewer when they run out.
std::vector<EdgeRef> controlEdges(const std::vector<EdgeRef>& edges,
                                  const core::PatternBatch& patterns, const core::SequenceSet& set,
                                  const core::ModelSpec& model, std::uint64_t seed);

/// Another sequence of the same length for each; empty when some length has one alone.
std::vector<std::size_t> otherRows(const std::vector<std::int32_t>& lengths, std::uint64_t seed);
/// Why there are none, with the lengths that there are; empty: there are.
std::string whyNoOtherRows(const std::vector<std::int32_t>& lengths);

}  // namespace anchorlens::engine
