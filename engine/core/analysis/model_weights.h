// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/analysis/matrix.h"
#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/experiment.h"
#include "engine/core/store/checkpoint.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace anchorlens::core::analysis {

/// Attention of one head. Matrices stand as in the files (y = x Wᵀ); biases are left out.
///
/// Shape:
///   query, key, value: [d_head, d_model]
///   output:            [d_model, d_head]; without W_O the columns that the head's output lies in
struct HeadWeights {
  Matrix query;
  Matrix key;
  Matrix value;
  Matrix output;
};

/// The weights of a model at one step.
class ModelWeights {
 public:
  /// Tensors of the optimiser are skipped. An error names the tensor that is missing or has another
  /// shape than the model's.
  static Expected<ModelWeights, IoError> of(const Checkpoint& checkpoint, const ModelSpec& model);
  static Expected<ModelWeights, IoError> read(const std::filesystem::path& file,
                                              const ModelSpec& model);

  const ModelSpec& model() const { return m_model; }
  std::int64_t vocabulary() const { return embedding().rows; }
  /// [d_vocab, d_model]
  const Matrix& embedding() const { return matrix("embed.weight"); }
  /// [n_ctx, d_model], learned or sinusoidal; empty without positions.
  const Matrix& positions() const { return m_positions; }
  /// [d_vocab, d_model]
  const Matrix& unembedding() const { return matrix("unembed.weight"); }
  /// Rows of embedding and unembedding that are not of these tokens (ascending) are dropped.
  void keepTokens(const std::vector<std::int64_t>& tokens);
  bool hasHeads() const { return m_model.kind == ModelSpec::Kind::Transformer; }
  HeadWeights head(int layer, int head) const;
  /// Any matrix by its name in the file; empty when there is none. Vectors are [1, n].
  const Matrix& matrix(std::string_view name) const;

 private:
  ModelSpec m_model;
  std::map<std::string, Matrix, std::less<>> m_matrices;
  Matrix m_positions;
};

/// One matrix whose rows and spectrum can be looked at: a tensor, or the part of a head in it.
struct MatrixName {
  std::string id;      ///< for options and files: "embed", "layers.1.attn.q.0", "layers.0.mlp.in"
  std::string title;   ///< "Query, layer 1 head 0"
  std::string tensor;  ///< "layers.1.attn.q.weight"
  int head = -1;       ///< -1: all of the tensor
  bool operator==(const MatrixName&) const = default;
};

/// All of a model, in the order in which a sequence passes them.
std::vector<MatrixName> listMatrices(const ModelSpec& model);
/// The queries of the last layer's first head; for a model without heads the embedding.
std::string usualMatrix(const ModelSpec& model);
/// Rows of `attn.q`, `k`, `v` and columns of `attn.o` are those of the head. Empty: no such matrix.
Matrix namedMatrix(const ModelWeights& weights, const MatrixName& name);

}  // namespace anchorlens::core::analysis
