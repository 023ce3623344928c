// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/analysis/embedding_pca.h"
#include "engine/core/analysis/model_weights.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace anchorlens::core::analysis {

/// Of one matrix at one step.
struct MatrixStatistics {
  double stable_rank = 0;
  double condensation = 0;  ///< NaN over kMostRows rows
};

/// More rows than this are not compared with each other: no cosines, no order.
inline constexpr std::int64_t kMostRows = 2048;
/// Vocabularies above this are cut to the first so many tokens that the task uses.
inline constexpr std::int64_t kMostTokens = 1024;

/// The weights of a run over its checkpoints. What was found out of a checkpoint is kept: a few
/// numbers for each, and the last weights that were read. One thread.
class RunWeights {
 public:
  static Expected<std::unique_ptr<RunWeights>, IoError> open(const std::filesystem::path& run);

  const std::filesystem::path& directory() const { return m_directory; }
  const ExperimentSpec& spec() const { return m_spec; }
  /// Of every token of the vocabulary.
  const std::vector<TokenUse>& uses() const { return m_uses; }
  /// Tokens that matrices over tokens have: all, save for a large vocabulary. Ascending.
  const std::vector<std::int64_t>& tokens() const { return m_tokens; }

  /// Looks which checkpoints there are now.
  void refresh();
  const std::vector<std::int64_t>& steps() const { return m_steps; }
  /// The last checkpoint at or before `step`; empty when there is none.
  std::optional<std::int64_t> stepAt(std::int64_t step) const;

  /// The weights of a checkpoint; embedding and unembedding have the rows of tokens() only.
  Expected<std::shared_ptr<const ModelWeights>, IoError> at(std::int64_t step);

  /// Axes of the embedding and statistics of a matrix (null: none), where they are not known yet:
  /// reads the checkpoint once. A checkpoint that has gone since is an error.
  Expected<void, IoError> scan(std::int64_t step, const MatrixName* name);
  bool isScanned(std::int64_t step, const MatrixName* name) const;
  /// Of a scanned step, of the same rows as at(); null: not scanned.
  const MatrixStatistics* statistics(std::int64_t step, const MatrixName& name) const;
  /// Signs go on from the earliest checkpoint to the next, so that they depend on the run and not
  /// on what was looked at. Every earlier checkpoint must have been scanned (those that could not
  /// be read are left out); empty when `step` itself was not.
  std::optional<PcaAxes> axesAt(std::int64_t step) const;

  /// Rows of the matrix by clustering at the last checkpoint; empty over kMostRows rows.
  Expected<std::vector<std::int64_t>, IoError> rowOrder(const MatrixName& name);

 private:
  RunWeights() = default;
  /// Leaves the rows of tokens() only.
  void keepShown(ModelWeights& weights) const;

  std::filesystem::path m_directory;
  ExperimentSpec m_spec;
  std::vector<TokenUse> m_uses;
  std::vector<std::int64_t> m_tokens;
  std::vector<std::int64_t> m_used;
  std::vector<std::int64_t> m_steps;
  std::map<std::int64_t, std::shared_ptr<const ModelWeights>> m_weights;  ///< a few
  std::map<std::int64_t, PcaAxes> m_axes;                                 ///< first signs
  std::map<std::int64_t, std::map<std::string, MatrixStatistics>> m_statistics;
  std::int64_t m_order_step = -1;
  std::map<std::string, std::vector<std::int64_t>> m_orders;  ///< at m_order_step
};

/// Every way in which a matrix is looked at, at one step. `cosines` in the file's order of rows;
/// empty over kMostRows rows.
struct MatrixView {
  std::vector<double> singular_values;
  Matrix cosines;
  MatrixStatistics statistics;
};
MatrixView viewOf(const Matrix& matrix);

}  // namespace anchorlens::core::analysis
