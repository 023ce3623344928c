// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/frame.h"
#include "engine/core/head_ref.h"
#include "engine/core/task/sequence_set.h"

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

/// Looking into a model, and changing what it computes while looking: Trainer::inspect. Everything
/// is computed by the reference's forward pass, in evaluation mode, with plain floats in and out.
/// docs/causal_tests.md has what each intervention means.
///
/// Letters: n sequences, L layers, H heads, T = SequenceSet::seq_len positions. Layers, heads and
/// positions count from 0. Of the residual stream there are L + 1 *boundaries*: 0 is the embedding,
/// l + 1 what layer l gave.
namespace anchorlens::engine {

using core::HeadRef;

/// The attention of one reader (query) to one source (key) in one head, of one sequence of a set.
struct EdgeRef {
  std::uint32_t sequence = 0;
  std::uint16_t layer = 0;
  std::uint16_t head = 0;
  std::uint16_t query = 0;
  std::uint16_t key = 0;
  auto operator<=>(const EdgeRef&) const = default;
};

/// Other values in the place of what was computed, from an earlier call's capture: see
/// headPatch() and residualPatch() in engine/session/patches.h.
struct Patch {
  int layer = 0;                ///< of the head; of the residual stream the boundary
  std::optional<int> head;      ///< whose output z is replaced; none: the residual stream is
  std::optional<int> position;  ///< none: every position
  /// Shape: [n, T, d_head]; the residual stream's [n, T, d_model]
  std::shared_ptr<const std::vector<float>> values;
};

/// What is changed, and what is kept. Changes apply in this order: edges, then ablations, then
/// patches of heads; patches of a boundary where the stream passes it.
struct InspectRequest {
  /// Heads whose output z (before the output projection; biases stay) becomes 0.
  std::vector<HeadRef> zeroed;
  /// Heads whose z becomes its mean, per position, over the sequences of `reference` that have the
  /// position; in the unchanged model. A position that none has: 0.
  std::vector<HeadRef> averaged;
  /// Null: the sequences themselves.
  std::shared_ptr<const core::SequenceSet> reference;

  /// Attention that becomes 0 after softmax. Whole columns, rows: see engine/session/edges.h.
  std::vector<EdgeRef> edges;
  bool keep_only_edges = false;  ///< the listed edges are the only ones left, in every head
  bool renormalise = false;      ///< what is left of a changed row is scaled to add up to 1 again

  std::vector<Patch> patches;

  bool want_patterns = false;
  bool want_scores = false;
  bool want_weighted = false;
  bool want_head_outputs = false;
  bool want_residual = false;
  bool want_residual_norms = false;
  bool want_lens = false;

  bool changesModel() const {
    return !zeroed.empty() || !averaged.empty() || !edges.empty() || keep_only_edges ||
           !patches.empty();
  }
};

/// Parts that were not asked for are empty.
struct InspectOutput {
  int n_layers = 0;
  int n_heads = 0;
  int seq_len = 0;
  int d_model = 0;
  int d_head = 0;
  int d_vocab = 0;

  std::vector<float> logits;                  ///< [n, d_vocab], at the reader
  std::vector<core::Prediction> predictions;  ///< [n]
  std::vector<float> losses;                  ///< [n]: cross-entropy against the true distribution
  std::vector<std::uint8_t> correct;          ///< [n]: arg-max is the most probable answer
  std::vector<float> logit_differences;  ///< [n]: logit of that answer minus the best other logit

  /// [n, L, H, query_pos, key_pos], after softmax and with cut edges as they were used; rows of
  /// padding are 0.
  core::PatternBatch patterns;
  /// [n, L, H, query_pos, key_pos], scaled, before softmax; -infinity where the row may not look.
  std::vector<float> scores;
  /// [n, L, H, query_pos, key_pos]: pattern[q, k] * || v_k W_O ||, W_O the head's part of the
  /// output projection: the size of what the edge moves into the stream. Without an output
  /// projection pattern[q, k] * || v_k ||. v_k is what position k gives, with shift_values_by
  /// already applied.
  std::vector<float> weighted;
  std::vector<float> head_outputs;    ///< [n, L, H, pos, d_head]: z, after every change
  std::vector<float> residual;        ///< [n, L + 1, pos, d_model]
  std::vector<float> residual_norms;  ///< [n, L + 1, pos], Euclidean
  /// [n, L + 1, pos]: what the unembedding says at each boundary, through the final norm where the
  /// model has one (pre-LN), else directly. Rows of padding mean nothing.
  std::vector<core::Prediction> lens;

  std::size_t heads() const {
    return static_cast<std::size_t>(n_layers) * static_cast<std::size_t>(n_heads);
  }
};

}  // namespace anchorlens::engine
