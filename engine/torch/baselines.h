// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/model.h"

namespace anchorlens::engine {

/// The LSTM baseline: n_layers, hidden width d_model, no positions; the answer is read off the last
/// layer's state at the reader. Has no heads: nothing to capture.
class Lstm final : public Model {
 public:
  Lstm(const core::ModelSpec& spec, const Parameters& parameters);
  ForwardPass forward(const Batch& batch, Capture capture) const override;

 private:
  int m_n_layers;
  std::int64_t m_d_model;
  at::Tensor m_embedding;
  std::vector<at::Tensor> m_weights;  ///< four a layer, as at::lstm wants them
  at::Tensor m_W_U, m_b_U;
};

/// The MLP baseline: embeddings of all positions side by side (padding 0), one linear layer to
/// d_model, then n_layers residual blocks d_model -> 4 d_model -> d_model, norm as the transformer.
class Mlp final : public Model {
 public:
  Mlp(const core::ModelSpec& spec, const Parameters& parameters);
  ForwardPass forward(const Batch& batch, Capture capture) const override;

 private:
  struct Layer {
    at::Tensor W_in, b_in, W_out, b_out, ln_w, ln_b;
  };
  at::Tensor norm(const at::Tensor& x, const at::Tensor& w, const at::Tensor& b) const;

  core::ModelSpec m_spec;
  at::Tensor m_embedding;
  at::Tensor m_W_input, m_b_input;
  std::vector<Layer> m_layers;
  at::Tensor m_final_w, m_final_b;
  at::Tensor m_W_U, m_b_U;
};

}  // namespace anchorlens::engine
