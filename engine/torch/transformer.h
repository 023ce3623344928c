// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/intervention.h"
#include "engine/torch/model.h"

namespace anchorlens::engine {

/// One layer's attention while it is computed.
struct Attended {
  at::Tensor scores;   ///< [batch, head, query_pos, key_pos], before softmax; -inf where blocked
  at::Tensor pattern;  ///< [batch, head, query_pos, key_pos]
  at::Tensor values;   ///< [batch, head, key_pos, d_head], as they are added up
};

/// Where a forward pass can be watched and changed: each is given what was computed, at every row,
/// and returns what the pass goes on with.
class ForwardHooks {
 public:
  virtual ~ForwardHooks() = default;
  virtual at::Tensor pattern(int /*layer*/, const Attended& attended) { return attended.pattern; }
  /// z: [batch, head, pos, d_head], before the output projection
  virtual at::Tensor headOutputs(int /*layer*/, const at::Tensor& z) { return z; }
  /// x: [batch, pos, d_model]; boundary 0 is the embedding, l + 1 what layer l gave
  virtual at::Tensor residual(int /*boundary*/, const at::Tensor& x) { return x; }
};

/// The transformer with every switch of ModelSpec; autograd does the backward pass. This is the
/// reference for faster paths. Over parameters of several runs its batch is that of all of them,
/// [run * batch]: run_axis.h; it is for forward passes alone then.
class Transformer final : public Model {
 public:
  Transformer(const core::ModelSpec& spec, const Parameters& parameters);
  ForwardPass forward(const Batch& batch, Capture capture) const override {
    return run(batch, capture, nullptr);
  }
  /// Every row of every layer, through the hooks.
  ForwardPass forwardWith(const Batch& batch, ForwardHooks& hooks) const {
    return run(batch, Capture::Patterns, &hooks);
  }
  /// What the forward pass leaves out or holds fixed from now on.
  void setInEffect(const core::InEffect& now);
  /// Logits of rows of the residual stream, through the final norm where there is one.
  /// x: [..., d_model]; returns [..., d_vocab]
  at::Tensor unembed(const at::Tensor& x) const;
  /// || v W_O || of each value, W_O the head's part of the output projection; without one || v ||.
  /// values: [batch, head, key_pos, d_head]; returns [batch, head, key_pos]
  at::Tensor movedSizes(int layer, const at::Tensor& values) const;
  int dVocab() const { return static_cast<int>(m_W_U.size(0)); }

 private:
  /// The parameters of one layer; undefined where a switch is off.
  struct Layer {
    at::Tensor W_QKV, b_QKV;          ///< [3 * n_heads * d_head, d_model]
    at::Tensor W_Q, b_Q, W_KV, b_KV;  ///< the same in two parts
    at::Tensor W_O, b_O;              ///< [d_model, n_heads * d_head]
    at::Tensor W_in, b_in;            ///< [d_mlp, d_model]
    at::Tensor W_out, b_out;          ///< [d_model, d_mlp]
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

  /// What is changed in one layer.
  struct LayerChanges {
    at::Tensor ablated;  ///< [1, head, 1, 1], bool; undefined: none is
    /// Head and its pattern, [pos, pos].
    std::vector<std::pair<int, at::Tensor>> clamped;
    bool is_attention_off = false;
    bool is_mlp_off = false;
  };

  ForwardPass run(const Batch& batch, Capture capture, ForwardHooks* hooks) const;
  Layer readLayer(const Parameters& parameters, int index) const;
  at::Tensor embed(const Batch& batch) const;
  at::Tensor blockedKeys(const Batch& batch) const;
  Projected project(const Layer& layer, const at::Tensor& x, const Batch& batch,
                    bool reader_only) const;
  /// `rows` is every position, or with `reader_only` the reader's alone.
  Attention attend(int index, const at::Tensor& x, const Batch& batch, const at::Tensor& blocked,
                   bool reader_only, ForwardHooks* hooks) const;
  at::Tensor clamped(const LayerChanges& changes, const at::Tensor& pattern, const Batch& batch,
                     bool reader_only) const;
  at::Tensor mlp(const Layer& layer, const at::Tensor& x) const;
  at::Tensor norm(const at::Tensor& x, const at::Tensor& w, const at::Tensor& b) const;
  /// Residual and norm around one sublayer's output.
  at::Tensor join(const at::Tensor& x, const at::Tensor& out, const at::Tensor& w,
                  const at::Tensor& b) const;

  core::ModelSpec m_spec;
  at::Tensor m_embedding;
  at::Tensor m_positions;  ///< [n_ctx, d_model]; undefined without positions
  std::vector<Layer> m_layers;
  std::vector<LayerChanges> m_changes;  ///< [layer]
  at::Tensor m_final_w, m_final_b;
  at::Tensor m_W_U, m_b_U;
};

/// Fixed positions: sin and cos in turn, base 10000 (Vaswani et al. 2017, section 3.5).
/// Shape: [n_ctx, d_model]
at::Tensor sinusoids(int n_ctx, int d_model);

}  // namespace anchorlens::engine
