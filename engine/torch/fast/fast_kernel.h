// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/fast/blocks.h"
#include "engine/torch/step_kernel.h"

#include <memory>
#include <optional>
#include <vector>

namespace anchorlens::engine {

namespace fast {
class Layer;
class LastLayer;
}  // namespace fast

/// The transformer's step on a CPU without autograd: hand-written passes over buffers allocated
/// once. It computes less than the reference and the same function: in the last layer only the
/// reader's row, and no keys and values (fast::readerAttention); in the first, where nothing mixes
/// a token with its position before attention, each distinct token once
/// (fast::EmbeddingProjection). With bfloat16 all matrix products of a training step are of that
/// precision, and evaluation is float32. docs/performance.md has what each lever gains.
class FastKernel final : public StepKernel {
 public:
  /// `parameters` must be on the CPU and outlive the kernel.
  /// and so must `reference`, which answers what this path does not capture.
  FastKernel(const core::ExperimentSpec& experiment, const Model& reference, Parameters& parameters,
             int batch_size, int seq_len);
  ~FastKernel() override;

  const std::string& name() const override;
  double lossAndGradient(const TrainingBatch& batch) override;
  const Model& model() const override { return *m_model; }

  /// Sequences first .. first + count - 1, at most a pass of them. The logits stand in a buffer of
  /// the kernel until the next call. Shapes: tokens [rows], readers, returns [count, d_vocab]
  const float* forward(const std::int32_t* tokens, const std::int32_t* readers, std::int64_t first,
                       std::int64_t count);
  /// Once for the rows that the following calls of forward() take their sequences from.
  void beginForward(const std::int32_t* tokens, std::int64_t rows);
  /// Of the last forward(). Shape: [count, head, pos, pos]
  const float* pattern(std::size_t layer);
  const fast::Sizes& sizes() const { return m_sizes; }

 private:
  class ForwardModel;

  double lossAndGradientOf(const TrainingBatch& batch);
  void backward(fast::Into gradients);
  const fast::EmbeddedRows* embeddedOf(std::size_t layer) const;
  void zeroSmallGradients();

  core::ModelSpec m_spec;
  Parameters& m_parameters;
  fast::Sizes m_sizes;
  std::unique_ptr<fast::RoundedWeights> m_rounded;  ///< null in float32
  std::unique_ptr<Model> m_model;
  at::Tensor m_sinusoids;  ///< [n_ctx, d_model]; undefined otherwise
  fast::Weight m_embedding, m_W_U, m_b_U;
  const float* m_positions = nullptr;  ///< [n_ctx, d_model]
  float* m_d_positions = nullptr;
  std::unique_ptr<fast::EmbeddingProjection> m_projection;  ///< null where it is not exact
  bool m_is_projecting = false;                             ///< these rows
  std::vector<std::unique_ptr<fast::Layer>> m_layers;       ///< all but the last
  std::unique_ptr<fast::LastLayer> m_last;
  std::unique_ptr<fast::NormBlock> m_final_norm;
  fast::Floats m_embedded;                    ///< [rows, d_model]
  fast::Floats m_gradient;                    ///< [rows, d_model]
  fast::Floats m_final, m_d_final, m_logits;  ///< [batch, d_model], [batch, d_vocab]
  // Of the last forward().
  fast::AttentionShape m_shape;
  const std::int32_t* m_tokens = nullptr;
  std::optional<fast::EmbeddedRows> m_embedded_rows;
  const float* m_last_out = nullptr;  ///< [batch, d_model]: what is unembedded
};

}  // namespace anchorlens::engine
