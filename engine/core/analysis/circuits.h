// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/analysis/model_weights.h"

#include <optional>
#include <string>
#include <vector>

/// What a head reads and writes, in terms of tokens and positions (docs/circuits.md). With rows for
/// vectors: W_E the embedding, W_pos that of the positions, W_U the unembedding [d_model, d_vocab].
/// Biases are left out everywhere. Definitions after Elhage et al. 2021, "A Mathematical Framework
/// for Transformer Circuits", and arXiv 2401.08309.
namespace anchorlens::core::analysis {

/// What is done with LayerNorm.
///   AsIs:   the matrices as they stand in the file; LayerNorm is left out
///   Folded: pre-LN only. A matrix that reads a LayerNorm takes its scale and its centring into
///           itself: W <- W diag(w) (1 - 1 1ᵀ / d_model). What is left out then is the division by
///           the vector's own standard deviation, and the bias b.
enum class NormChoice { AsIs, Folded };

/// Why LayerNorm cannot be folded in this model; empty when it can. With post-LN it stands behind
/// the sum with the residual stream: there is no single next matrix to take it.
std::string whyNotFoldable(const ModelSpec& model);
/// "LayerNorm left out", "LayerNorm folded", "no LayerNorm"
std::string normText(const ModelSpec& model, NormChoice norm);

/// Where the value path is read: logits (W_U), or the tokens' own embedding (W_Eᵀ in its place), as
/// the figures of arXiv 2401.08309 do.
enum class Reading { Unembedding, Embedding };

struct HeadPlace {
  int layer = 0;
  int head = 0;
  bool operator==(const HeadPlace&) const = default;
};

/// All heads, layer by layer.
std::vector<HeadPlace> allHeads(const ModelSpec& model);

/// QK of tokens: W_E W_Q W_Kᵀ W_Eᵀ / sqrt(d_head). AsIs, this is the attention of tokens of arXiv
/// 2401.08309.
///
/// Shape:
///   returns: [reader token, source token]
Matrix tokenScores(const ModelWeights& weights, HeadPlace head, NormChoice norm);

/// QK of positions: the same with W_pos. Empty without positions.
///
/// Shape:
///   returns: [reader position, source position]
Matrix positionScores(const ModelWeights& weights, HeadPlace head, NormChoice norm);

/// OV: W_E W_V W_O W_U.
///
/// Shape:
///   returns: [source token, token that is read]
Matrix valuePath(const ModelWeights& weights, HeadPlace head, NormChoice norm, Reading reading);

/// Two heads one after the other, first.layer < second.layer: W_E OV_first OV_second W_U; read
/// through the embedding it is the W_V1 W_V2 of arXiv 2401.08309.
Matrix composedValuePath(const ModelWeights& weights, HeadPlace first, HeadPlace second,
                         NormChoice norm, Reading reading);

/// How much of what a head of an earlier layer writes a later head reads: |A B| / (|A| |B|) in
/// Frobenius norms, with W_OV = W_V W_O of the earlier head and, of the later one, W_QK = W_Q W_Kᵀ
/// (its query side: Q; its key side: K) or W_OV (V). NaN where a matrix is zero or the first layer
/// is not the earlier one.
///
/// Shape:
///   query, key, value: [later head, earlier head], both layer by layer over all heads
struct Composition {
  Matrix query;
  Matrix key;
  Matrix value;
  /// Root mean square of the score of two matrices that have nothing to do with each other (one of
  /// them turned at random): 1 / sqrt(d_model).
  double baseline = 0;
};
Composition compositionScores(const ModelWeights& weights, NormChoice norm);

}  // namespace anchorlens::core::analysis
