// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/model.h"

namespace anchorlens::engine {

/// The transformer with every switch of ModelSpec; autograd does the backward pass. This is the
/// reference for faster paths.
class Transformer final : public Model {
 public:
  Transformer(const core::ModelSpec& spec, const Parameters& parameters);
  ForwardPass forward(const Batch& batch, Capture capture) const override;

 private:
  /// The parameters of one layer; undefined where a switch is off.
  struct Layer {
    at::Tensor W_QKV, b_QKV;  ///< [3 * n_heads * d_head, d_model]
    at::Tensor W_O, b_O;      ///< [d_model, n_heads * d_head]
    at::Tensor W_in, b_in;    ///< [d_mlp, d_model]
    at::Tensor W_out, b_out;  ///< [d_model, d_mlp]
    at::Tensor ln1_w, ln1_b, ln2_w, ln2_b;
  };
  /// Shape: [batch, head, pos, d_head]; q: [batch, head, rows, d_head]
  struct Projected {
    at::Tensor q, k, v;
  };
  struct Attention {
    at::Tensor pattern;  ///< [batch, head, rows, key_pos]
    at::Tensor z;        ///< [batch, head, rows, d_head]
    at::Tensor out;      ///< [batch, rows, d_model]
  };

  Layer readLayer(const Parameters& parameters, int index) const;
  at::Tensor embed(const Batch& batch) const;
  at::Tensor blockedKeys(const Batch& batch) const;
  Projected project(const Layer& layer, const at::Tensor& x, const Batch& batch,
                    bool reader_only) const;
  /// `rows` is every position, or with `reader_only` the reader's alone.
  Attention attend(const Layer& layer, const at::Tensor& x, const Batch& batch,
                   const at::Tensor& blocked, bool reader_only) const;
  at::Tensor mlp(const Layer& layer, const at::Tensor& x) const;
  at::Tensor norm(const at::Tensor& x, const at::Tensor& w, const at::Tensor& b) const;
  /// Residual and norm around one sublayer's output.
  at::Tensor join(const at::Tensor& x, const at::Tensor& out, const at::Tensor& w,
                  const at::Tensor& b) const;

  core::ModelSpec m_spec;
  at::Tensor m_embedding;
  at::Tensor m_positions;  ///< [n_ctx, d_model]; undefined without positions
  std::vector<Layer> m_layers;
  at::Tensor m_final_w, m_final_b;
  at::Tensor m_W_U, m_b_U;
};

/// Fixed positions: sin and cos in turn, base 10000 (Vaswani et al. 2017, section 3.5).
/// Shape: [n_ctx, d_model]
at::Tensor sinusoids(int n_ctx, int d_model);

}  // namespace anchorlens::engine
