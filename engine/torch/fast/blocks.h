// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "engine/torch/fast/attention.h"
#include "engine/torch/fast/floats.h"
#include "engine/torch/fast/gemm.h"
#include "engine/torch/parameters.h"

#include <string>
#include <vector>

/// The parts of a transformer with their own forward and backward passes. A forward pass keeps what
/// the backward pass needs, which must follow it with the same input. Gradients of biases and norms
/// are added to; those of matrices are written or added as the call says.
namespace anchorlens::engine::fast {

/// A parameter in the flat buffers; null where a switch is off.
struct Weight {
  const float* value = nullptr;
  float* gradient = nullptr;
  explicit operator bool() const { return value != nullptr; }
};
Weight weightOf(Parameters& parameters, const std::string& name);

/// Widths of the model, and the most rows that a pass has.
struct Sizes {
  std::int64_t batch = 0;  ///< sequences of a pass
  std::int64_t seq_len = 0;
  std::int64_t d_model = 0;
  std::int64_t n_heads = 0;
  std::int64_t d_head = 0;
  std::int64_t d_mlp = 0;
  std::int64_t d_vocab = 0;

  std::int64_t rows() const { return batch * seq_len; }
  std::int64_t dHeads() const { return n_heads * d_head; }
};

class NormBlock {
 public:
  NormBlock(Parameters& parameters, const std::string& name, std::int64_t rows, std::int64_t d);
  /// y = norm(x + residual); residual may be null.
  void forward(std::int64_t rows, const float* x, const float* residual, float* y);
  /// dx = gradient of the sum, or dx += it; dx may be dy.
  void backward(std::int64_t rows, const float* dy, float* dx, Into into);

 private:
  std::int64_t m_d;
  Weight m_weight, m_bias;
  Floats m_normed, m_inverse_std;
};

/// out = W_out act(W_in x + b_in) + b_out
class MlpBlock {
 public:
  MlpBlock(const core::ModelSpec& spec, Parameters& parameters, const std::string& layer,
           const Sizes& sizes, std::int64_t rows);
  void forward(std::int64_t rows, const float* x, float* out);
  /// dx may be d_out.
  void backward(std::int64_t rows, const float* x, const float* d_out, float* dx, Into dx_into,
                Into gradients);

 private:
  std::int64_t m_d_model, m_d_mlp;
  bool m_is_gelu;
  Weight m_W_in, m_b_in, m_W_out, m_b_out;
  Floats m_before;  ///< GELU: its input
  Floats m_hidden, m_d_hidden;
};

/// out = z W_O^T + b_O, or z itself without an output projection.
class OutputProjection {
 public:
  OutputProjection(Parameters& parameters, const std::string& layer, const Sizes& sizes);
  void forward(std::int64_t rows, const float* z, float* out);
  void backward(std::int64_t rows, const float* z, const float* d_out, float* dz, Into gradients);

 private:
  std::int64_t m_d_model, m_d_heads;
  Weight m_W_O, m_b_O;
};

/// Queries, keys and values of embedded tokens: where the layer's input is a token's vector plus a
/// position's, each distinct token and each position is projected once and the rows are added.
class EmbeddingProjection {
 public:
  EmbeddingProjection(Parameters& parameters, const Sizes& sizes, const float* positions,
                      float* d_positions);
  /// Looks at all tokens of a step. False where there are about as many distinct ones as rows, or
  /// more than a pass has rows: little is gained then, and this is not to be used for the step.
  bool begin(std::int64_t count, const std::int32_t* tokens);
  /// Rows first .. first + rows - 1 of the step. Shape: qkv [rows, 3 * d_heads]
  void forward(std::int64_t first, std::int64_t rows, float* qkv) const;
  void backward(std::int64_t first, std::int64_t rows, const float* d_qkv);
  /// After the last backward pass of the step.
  void finish();

 private:
  Sizes m_sizes;
  std::int64_t m_width;  ///< 3 * d_heads
  Weight m_W, m_b, m_embedding;
  const float* m_positions;
  float* m_d_positions;
  std::int64_t m_most;  ///< distinct tokens that there is room for
  std::int64_t m_distinct = 0;
  std::vector<std::int32_t> m_tokens;  ///< [distinct]
  std::vector<std::int32_t> m_index;   ///< [rows of the step]: into m_tokens
  std::vector<std::int32_t> m_slots;   ///< [d_vocab]: index into m_tokens, or -1
  Floats m_sources;                    ///< [distinct + seq_len, d_model]: tokens, positions
  Floats m_projected, m_d_projected;   ///< [distinct + seq_len, 3 * d_heads]
  Floats m_d_sources;
};

struct EmbeddedRows {
  EmbeddingProjection& projection;
  std::int64_t first = 0;  ///< of the pass, among the rows of the step
};

/// Attention of every position.
class AttentionBlock {
 public:
  AttentionBlock(Parameters& parameters, const std::string& layer, const Sizes& sizes);
  /// x, out: [rows, d_model]. With `embedded` the projection is that one's.
  void forward(const AttentionShape& shape, const float* x, float* out,
               const EmbeddedRows* embedded);
  /// Of the last forward pass, 0 where a row may not look. Shape: [batch, head, pos, pos]
  const float* pattern(const AttentionShape& shape);
  /// dx may be d_out. With `embedded` dx gets nothing through the projection.
  void backward(const AttentionShape& shape, const float* x, const float* d_out, float* dx,
                Into dx_into, Into gradients, const EmbeddedRows* embedded);

 private:
  std::int64_t m_d_model, m_d_heads;
  Weight m_W, m_b;
  OutputProjection m_output;
  Floats m_qkv, m_pattern, m_z, m_dz, m_d_qkv;
};

/// The patterns of a layer at every position, and nothing else of it.
class PatternBlock {
 public:
  PatternBlock(Parameters& parameters, const std::string& layer, const Sizes& sizes);
  /// 0 where a row may not look. Shapes: x [rows, d_model], [batch, head, pos, pos]
  const float* pattern(const AttentionShape& shape, const float* x);

 private:
  std::int64_t m_d_model, m_d_heads;
  Weight m_W, m_b;
  Floats m_qkv, m_pattern;
};

/// Attention of the reader alone, without keys and values; see readerAttention().
class ReaderAttentionBlock {
 public:
  ReaderAttentionBlock(Parameters& parameters, const std::string& layer, const Sizes& sizes);
  /// x: [rows, d_model], out: [batch, d_model]
  void forward(const AttentionShape& shape, const float* x, float* out);
  /// d_out: [batch, d_model]; dx: [rows, d_model] is written whole.
  void backward(const AttentionShape& shape, const float* x, const float* d_out, float* dx,
                Into gradients);

 private:
  /// The columns of one head in a [batch, n_heads * width] matrix.
  Matrix head(Floats& all, std::int64_t batch, std::int64_t h, std::int64_t width) const;
  void addValueBias(std::int64_t batch);
  const float* valueBiasBackward(std::int64_t batch);

  Sizes m_sizes;
  Weight m_W_Q, m_W_K, m_W_V, m_b_Q, m_b_V;
  OutputProjection m_output;
  Floats m_x_reader;            ///< [batch, d_model]
  Floats m_q, m_z, m_dz, m_dq;  ///< [batch, d_heads]
  Floats m_u, m_s, m_du, m_ds;  ///< [batch, head, d_model]
  Floats m_pattern;             ///< [batch, head, pos]
  Floats m_mass, m_d_mass;      ///< [batch, head]
};

}  // namespace anchorlens::engine::fast
