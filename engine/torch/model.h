// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/parameters.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace anchorlens::engine {

/// Sequences on the device.
///
/// Shape:
///   tokens:  [batch, pos], int64; padding is 0
///   readers: [batch], int64: the row whose answer counts, the last real token
struct Batch {
  at::Tensor tokens;
  at::Tensor readers;
  bool is_padded = false;  ///< some sequence is shorter than the tensor
};

/// What one layer of a transformer computed, at every row.
struct LayerCapture {
  at::Tensor resid_pre;   ///< [batch, pos, d_model]: what the layer got
  at::Tensor pattern;     ///< [batch, head, query_pos, key_pos], after softmax
  at::Tensor z;           ///< [batch, head, query_pos, d_head], before the output projection
  at::Tensor resid_mid;   ///< [batch, pos, d_model]: between attention and MLP
  at::Tensor resid_post;  ///< [batch, pos, d_model]: what the layer gave
};

/// What a forward pass gives.
struct ForwardPass {
  at::Tensor logits;                 ///< [batch, d_vocab], at the reader
  std::vector<LayerCapture> layers;  ///< what was captured; empty for models without heads
};

enum class Capture : std::uint8_t {
  Nothing,   ///< the last layer may be computed at the reader's row only: the loss is there
  Patterns,  ///< the other tensors of LayerCapture may be undefined
  Everything,
};

/// A model over the flat parameters.
class Model {
 public:
  virtual ~Model() = default;
  virtual ForwardPass forward(const Batch& batch, Capture capture) const = 0;
};

/// `parameters` must outlive the model.
std::unique_ptr<Model> makeModel(const core::ModelSpec& spec, const Parameters& parameters);

/// The row of each sequence. x: [batch, pos, d], readers: [batch]; returns [batch, d]
at::Tensor rowsAt(const at::Tensor& x, const at::Tensor& readers);

/// 1 for real tokens, 0 for padding. Shape: [batch, pos], bool
at::Tensor realTokens(const Batch& batch);

at::Tensor activate(const at::Tensor& x, core::ModelSpec::Activation activation);

constexpr double kNormEps = 1e-5;

}  // namespace anchorlens::engine
