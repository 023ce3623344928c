// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/analysis/model_weights.h"
#include "engine/core/frame.h"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

/// Which head of one run is which head of another: seeds permute the heads of a layer
/// (docs/compare.md). Layers are never mixed.
namespace anchorlens::core {

enum class HeadMatch { Position, Pattern, Weights };
inline constexpr int kHeadMatches = 3;
std::string_view headMatchName(HeadMatch match);  ///< "position", "pattern", "weights"
std::optional<HeadMatch> headMatchNamed(std::string_view name);

struct HeadCount {
  int layers = 0;
  int heads = 0;  ///< of each layer
  bool operator==(const HeadCount&) const = default;
};

/// Two heads of one layer that are looked at together.
struct HeadPair {
  int layer = 0;
  int first = -1;                  ///< -1: the first run has none that belongs to it
  int second = -1;                 ///< -1: the second run has none
  std::optional<double> distance;  ///< what it was matched by; none: position
  bool isWhole() const { return first >= 0 && second >= 0; }
  bool operator==(const HeadPair&) const = default;
};

/// Distances of the heads of each layer that both runs have.
///
/// Shape:
///   [layer] of [first's head, second's head]
using HeadDistances = std::vector<analysis::Matrix>;

/// Layer by layer the first run's heads in their order, then those that only the second one has.
std::vector<HeadPair> matchByPosition(HeadCount first, HeadCount second);
/// In each layer the assignment with the least sum of distances.
std::vector<HeadPair> matchByDistance(HeadCount first, HeadCount second,
                                      const HeadDistances& distances);

/// One pattern a head: the mean over the probe, else over the shown sequences. n = 0: the frame has
/// neither.
PatternBatch meanPattern(const Frame& frame);

/// Mean of |a - b| over the cells that a reader may see: sources up to itself, if `causal`.
///
/// Shape:
///   a, b: [length, length]
double meanAbsoluteDifference(std::span<const float> a, std::span<const float> b, int length,
                              bool causal);
/// Of mean patterns (n = 1) of one length: meanAbsoluteDifference.
HeadDistances patternDistances(const PatternBatch& first, const PatternBatch& second, bool causal);

/// From the matrices of circuits.h, LayerNorm left out: QK of positions, QK of tokens, OV to the
/// logits. They do not depend on the basis inside a head nor on that of the residual stream, which
/// seeds do not share. Of each the mean of its rows is taken out (softmax does not see it), and the
/// distance is |A - B| / (|A| + |B|) in Frobenius norms: 0 where they are the same, 1 where one is
/// the other's negative. The head's distance is the mean of the three; positions count where both
/// runs have as many. Both have the same rows of tokens.
HeadDistances weightDistances(const analysis::ModelWeights& first,
                              const analysis::ModelWeights& second);

/// Weights over more tokens than this are compared on the first so many.
inline constexpr std::size_t kMatchedTokens = 256;

}  // namespace anchorlens::core
