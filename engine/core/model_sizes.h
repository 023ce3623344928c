// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <cstdint>
#include <vector>

/// What a model costs, before it is built.
namespace anchorlens::core {

/// The parts that parameters are counted by, in the order in which a sequence passes them.
enum class ModelPart : std::uint8_t {
  Embedding,
  Positions,
  Input,      ///< mlp: the layer that takes all positions at once
  Recurrent,  ///< lstm
  Query,
  Key,
  Value,
  Output,  ///< of attention
  Mlp,
  Norm,
  Unembedding,
};

struct PartSize {
  ModelPart part = ModelPart::Embedding;
  std::int64_t parameters = 0;
  bool operator==(const PartSize&) const = default;
};

/// Floating-point operations of one training step: those of the matrix products, a multiplication
/// and an addition being two; backward counts twice forward. With T positions, width d, h = n_heads
/// d_head, MLP width m, vocabulary V, a sequence takes forward
///
///   transformer  a layer: 4 T d h (keys, values) + 2 R d h (queries) + 4 R T h (scores and mixing)
///                + 2 R h d (output) + 4 R d m (MLP), where R = T rows but 1 in the last layer,
///                which is computed for the reader alone; + 2 d V (unembedding)
///   lstm         16 T d^2 a layer; + 2 d V
///   mlp          2 T d^2 (input); 16 d^2 a layer; + 2 d V
///
/// and a step 3 times that for each sequence of its batch.
double flopPerStep(const ExperimentSpec& spec);

}  // namespace anchorlens::core
