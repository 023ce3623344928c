// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/frame.h"
#include "engine/core/task/task.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// Inferential and symmetric answers ("Initialization is critical to whether transformers fit
/// composite functions by reasoning or memorizing", arXiv 2405.05409): the pair (a, b) is trained
/// with another operation than the composed one, its mirror (b, a) never. A model that infers
/// answers the mirror by the composed operation, one that takes the pair for symmetric by the
/// taught one.
namespace anchorlens::core {

/// A never trained combination of two anchors whose mirror is relabelled.
struct MirrorPair {
  struct Sequence {
    std::size_t shown = 0;  ///< index among the frame's predictions
    std::int32_t inferential = 0;
    std::int32_t symmetric = 0;
  };
  std::string name;  ///< "A=4 B=3"
  std::vector<Sequence> sequences;
};

/// Those of which the first `n_shown` sequences of the probe have some. Sequences whose two answers
/// are the same are left out.
std::vector<MirrorPair> mirrorPairs(const Task& task, const SequenceSet& probe,
                                    std::size_t n_shown);

/// Shares of the answers to a pair's sequences, over the frames that have predictions.
struct PairAnswers {
  std::string name;
  std::size_t sequences = 0;
  std::vector<std::int64_t> steps;
  std::vector<double> inferential;
  std::vector<double> symmetric;
};

/// Adds a frame; one without predictions of all the pair's sequences adds nothing.
void addFrame(const Frame& frame, const MirrorPair& pair, PairAnswers& answers);

}  // namespace anchorlens::core
