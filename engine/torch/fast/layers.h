// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/fast/blocks.h"

#include <memory>

/// Layers of a transformer: blocks with their norms and residuals. A forward pass returns a buffer
/// of the layer, which stays until the next one; the backward pass must follow it.
namespace anchorlens::engine::fast {

/// Where norms stand around a sublayer, and whether its input is added to its output.
class Joint {
 public:
  explicit Joint(const core::ModelSpec& spec) : m_norm(spec.norm), m_residual(spec.residual) {}
  bool hasNorm() const { return m_norm != core::ModelSpec::Norm::None; }
  bool isPre() const { return m_norm == core::ModelSpec::Norm::Pre; }
  bool isPost() const { return m_norm == core::ModelSpec::Norm::Post; }
  bool hasResidual() const { return m_residual; }
  /// How the gradient through the sublayer meets the one past it, which is there already.
  Into gradientInto() const { return m_residual ? Into::Add : Into::Replace; }
  /// y = x + out or out, normed behind it or not. All: [rows, d]
  void join(NormBlock* norm, std::int64_t rows, std::int64_t d, const float* x, const float* out,
            float* y) const;

 private:
  core::ModelSpec::Norm m_norm;
  bool m_residual;
};

/// The MLP with its norm and residual.
class MlpSublayer {
 public:
  MlpSublayer(const core::ModelSpec& spec, Parameters& parameters, const std::string& layer,
              const Sizes& sizes, std::int64_t rows);
  const float* forward(std::int64_t rows, const float* x);
  /// g: the gradient of the output becomes that of the input.
  void backward(std::int64_t rows, const float* x, float* g, Into gradients);

 private:
  Joint m_joint;
  std::int64_t m_d;
  std::unique_ptr<NormBlock> m_norm;
  MlpBlock m_mlp;
  Floats m_normed, m_out, m_y;
};

/// A layer at every position.
class Layer {
 public:
  Layer(const core::ModelSpec& spec, Parameters& parameters, int index, const Sizes& sizes);
  /// x: [rows, d_model]; it must stay until backward(). Returns the same shape.
  const float* forward(const AttentionShape& shape, const float* x, const EmbeddedRows* embedded);
  /// g: the gradient of the output becomes that of the input.
  void backward(const AttentionShape& shape, float* g, Into gradients,
                const EmbeddedRows* embedded);
  /// Of the last forward pass. Shape: [batch, head, pos, pos]
  const float* pattern(const AttentionShape& shape) { return m_attention.pattern(shape); }

 private:
  Joint m_joint;
  std::int64_t m_d;
  const float* m_x = nullptr;
  std::unique_ptr<NormBlock> m_norm;
  AttentionBlock m_attention;
  std::unique_ptr<MlpSublayer> m_mlp;
  Floats m_normed, m_out, m_mid;
};

/// The last layer, at the readers.
class LastLayer {
 public:
  LastLayer(const core::ModelSpec& spec, Parameters& parameters, int index, const Sizes& sizes);
  /// x: [rows, d_model]; it must stay until backward(). Returns [batch, d_model].
  const float* forward(const AttentionShape& shape, const float* x);
  /// g: [batch, d_model], changed; dx: [rows, d_model] is written whole.
  void backward(const AttentionShape& shape, float* g, float* dx, Into gradients);
  /// At every position, which forward() does not compute. Shape: [batch, head, pos, pos]
  const float* pattern(const AttentionShape& shape);

 private:
  const float* attentionInput() const { return m_joint.isPre() ? m_normed.data() : m_x; }

  Joint m_joint;
  std::int64_t m_d;
  const float* m_x = nullptr;
  std::unique_ptr<NormBlock> m_norm;
  ReaderAttentionBlock m_attention;
  PatternBlock m_pattern;
  std::unique_ptr<MlpSublayer> m_mlp;
  Floats m_normed;                  ///< [rows, d_model]
  Floats m_x_reader, m_out, m_mid;  ///< [batch, d_model]
};

}  // namespace anchorlens::engine::fast
