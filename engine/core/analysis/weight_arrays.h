// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/analysis/circuits.h"
#include "engine/core/analysis/run_weights.h"

#include <string>
#include <vector>

namespace anchorlens::core::analysis {

/// One array of a file: docs/circuits.md lists their names.
struct NamedArray {
  std::string name;
  std::vector<std::int64_t> shape;  ///< empty: a number
  std::vector<double> values;
};

struct ArraysWanted {
  NormChoice norm = NormChoice::AsIs;
  Reading reading = Reading::Unembedding;
  /// Whose matrices over tokens and positions are wanted, each alone and each pair of different
  /// layers composed.
  std::vector<HeadPlace> heads;
};

/// Numbers that the matrices of `heads` take in all, so that nobody asks for more than there is
/// memory for.
std::int64_t countValues(const RunWeights& run, const std::vector<HeadPlace>& heads);

/// Everything that is told of a run's weights at a checkpoint; reads all checkpoints.
Expected<std::vector<NamedArray>, IoError> weightArrays(RunWeights& run, std::int64_t step,
                                                        const ArraysWanted& wanted);

}  // namespace anchorlens::core::analysis
