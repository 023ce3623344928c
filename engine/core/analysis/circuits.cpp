// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/analysis/circuits.h"

#include <cmath>
#include <limits>

namespace anchorlens::core::analysis {

namespace {

bool hasNorm(const ModelSpec& model) {
  return model.kind != ModelSpec::Kind::Lstm && model.norm != ModelSpec::Norm::None;
}

/// A matrix that reads a LayerNorm, [n, d_model], with scale and centring taken in.
Matrix folded(Matrix reader, const Matrix& scale) {
  for (std::int64_t row = 0; row < reader.rows; ++row) {
    double mean = 0;
    for (std::int64_t col = 0; col < reader.cols; ++col) {
      reader.at(row, col) *= scale.at(0, col);
      mean += reader.at(row, col);
    }
    mean /= static_cast<double>(reader.cols);
    for (std::int64_t col = 0; col < reader.cols; ++col)
      reader.at(row, col) -= mean;
  }
  return reader;
}

/// A head's matrices as they are looked at.
HeadWeights headOf(const ModelWeights& weights, HeadPlace place, NormChoice norm) {
  HeadWeights head = weights.head(place.layer, place.head);
  if (norm == NormChoice::Folded) {
    const Matrix& scale = weights.matrix("layers." + std::to_string(place.layer) + ".ln1.weight");
    head.query = folded(std::move(head.query), scale);
    head.key = folded(std::move(head.key), scale);
    head.value = folded(std::move(head.value), scale);
  }
  return head;
}

/// What the value path ends in, [n, d_model].
Matrix readerOf(const ModelWeights& weights, NormChoice norm, Reading reading) {
  if (reading == Reading::Embedding)
    return weights.embedding();
  return norm == NormChoice::Folded
             ? folded(weights.unembedding(), weights.matrix("ln_final.weight"))
             : weights.unembedding();
}

Matrix scores(const Matrix& vectors, const HeadWeights& head) {
  const Matrix queries = productTransposed(vectors, head.query);  // [n, d_head]
  const Matrix keys = productTransposed(vectors, head.key);       // [n, d_head]
  return scaled(productTransposed(queries, keys),
                1.0 / std::sqrt(static_cast<double>(head.query.rows)));
}

/// x W_V W_O; shape [n, d_model].
Matrix moved(const Matrix& vectors, const HeadWeights& head) {
  return productTransposed(productTransposed(vectors, head.value), head.output);
}

double traceOfProduct(const Matrix& a, const Matrix& b) {
  double sum = 0;
  for (std::int64_t i = 0; i < a.rows; ++i) {
    for (std::int64_t j = 0; j < a.cols; ++j)
      sum += a.at(i, j) * b.at(j, i);
  }
  return sum;
}

/// A [n, d_head], B [d_head, d_head], C [m, d_head]: Frobenius norm of A B Cᵀ by the Gram matrices,
/// so that nothing of size d_model x d_model is made.
double lowRankNorm(const Matrix& gram_a, const Matrix& middle, const Matrix& gram_c) {
  const Matrix left = product(gram_a, middle);
  const Matrix right = productTransposed(gram_c, middle);
  return std::sqrt(std::max(0.0, traceOfProduct(left, right)));
}

Matrix identity(std::int64_t n) {
  Matrix one(n, n);
  for (std::int64_t i = 0; i < n; ++i)
    one.at(i, i) = 1.0;
  return one;
}

/// A head with what its composition scores need.
struct HeadGrams {
  HeadWeights weights;
  Matrix query;   ///< W_Q W_Qᵀ, [d_head, d_head]; likewise the next
  Matrix key;     ///< W_K W_Kᵀ
  Matrix value;   ///< W_V W_Vᵀ
  Matrix output;  ///< W_Oᵀ W_O
  double qk = 0;  ///< |W_QK|
  double ov = 0;  ///< |W_OV|
};

HeadGrams gramsOf(HeadWeights weights) {
  HeadGrams grams;
  grams.query = productTransposed(weights.query, weights.query);
  grams.key = productTransposed(weights.key, weights.key);
  grams.value = productTransposed(weights.value, weights.value);
  grams.output = transposedProduct(weights.output, weights.output);
  const Matrix one = identity(weights.query.rows);
  grams.qk = lowRankNorm(grams.query, one, grams.key);
  grams.ov = lowRankNorm(grams.output, one, grams.value);
  grams.weights = std::move(weights);
  return grams;
}

double ratio(double norm, double a, double b) {
  return a > 0 && b > 0 ? norm / (a * b) : std::numeric_limits<double>::quiet_NaN();
}

Matrix noScores(std::size_t n) {
  Matrix none(static_cast<std::int64_t>(n), static_cast<std::int64_t>(n));
  none.values.assign(none.values.size(), std::numeric_limits<double>::quiet_NaN());
  return none;
}

}  // namespace

std::string whyNotFoldable(const ModelSpec& model) {
  if (!hasNorm(model))
    return "This model has no LayerNorm.";
  return model.norm == ModelSpec::Norm::Pre
             ? std::string()
             : "With post-LN, LayerNorm stands behind the sum with the residual stream: no single "
               "matrix after it can take it in.";
}

std::string normText(const ModelSpec& model, NormChoice norm) {
  if (!hasNorm(model))
    return "no LayerNorm";
  return norm == NormChoice::Folded ? "LayerNorm folded" : "LayerNorm left out";
}

std::vector<HeadPlace> allHeads(const ModelSpec& model) {
  std::vector<HeadPlace> heads;
  if (model.kind != ModelSpec::Kind::Transformer)
    return heads;
  for (int layer = 0; layer < model.n_layers; ++layer) {
    for (int head = 0; head < model.n_heads; ++head)
      heads.push_back({layer, head});
  }
  return heads;
}

Matrix tokenScores(const ModelWeights& weights, HeadPlace head, NormChoice norm) {
  return scores(weights.embedding(), headOf(weights, head, norm));
}

Matrix positionScores(const ModelWeights& weights, HeadPlace head, NormChoice norm) {
  if (weights.positions().isEmpty())
    return {};
  return scores(weights.positions(), headOf(weights, head, norm));
}

Matrix valuePath(const ModelWeights& weights, HeadPlace head, NormChoice norm, Reading reading) {
  return productTransposed(moved(weights.embedding(), headOf(weights, head, norm)),
                           readerOf(weights, norm, reading));
}

Matrix composedValuePath(const ModelWeights& weights, HeadPlace first, HeadPlace second,
                         NormChoice norm, Reading reading) {
  const Matrix once = moved(weights.embedding(), headOf(weights, first, norm));
  return productTransposed(moved(once, headOf(weights, second, norm)),
                           readerOf(weights, norm, reading));
}

Composition compositionScores(const ModelWeights& weights, NormChoice norm) {
  const std::vector<HeadPlace> heads = allHeads(weights.model());
  std::vector<HeadGrams> grams;
  grams.reserve(heads.size());
  for (const HeadPlace head : heads)
    grams.push_back(gramsOf(headOf(weights, head, norm)));
  Composition result{noScores(heads.size()), noScores(heads.size()), noScores(heads.size()),
                     1.0 / std::sqrt(static_cast<double>(weights.model().d_model))};
  for (std::size_t later = 0; later < heads.size(); ++later) {
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      if (heads[earlier].layer >= heads[later].layer)
        continue;
      const HeadGrams& a = grams[earlier];
      const HeadGrams& b = grams[later];
      const auto row = static_cast<std::int64_t>(later);
      const auto col = static_cast<std::int64_t>(earlier);
      const Matrix q = product(b.weights.query, a.weights.output);  // [d_head, d_head]
      const Matrix k = product(b.weights.key, a.weights.output);
      const Matrix v = product(b.weights.value, a.weights.output);
      result.query.at(row, col) = ratio(lowRankNorm(b.key, q, a.value), b.qk, a.ov);
      result.key.at(row, col) = ratio(lowRankNorm(b.query, k, a.value), b.qk, a.ov);
      result.value.at(row, col) = ratio(lowRankNorm(b.output, v, a.value), b.ov, a.ov);
    }
  }
  return result;
}

}  // namespace anchorlens::core::analysis
