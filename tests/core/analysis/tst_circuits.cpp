// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/analysis/circuits.h"
#include "tests/core/analysis/made_weights.h"

#include <QTest>

#include <cmath>

using namespace anchorlens::core;
using namespace anchorlens::core::analysis;
using anchorlens::tests::randomValues;
using anchorlens::tests::tensor;

namespace {

bool isNear(double a, double b, double within = 1e-9) {
  return std::abs(a - b) <= within;
}

ModelSpec smallModel() {
  ModelSpec model;
  model.n_layers = 2;
  model.n_heads = 1;
  model.d_model = 2;
  model.d_head = 1;
  model.n_ctx = 2;
  model.mlp = false;
  model.norm = ModelSpec::Norm::None;
  return model;
}

/// Three tokens, two positions; the head of layer 0 takes component 0 of its source to component 1,
/// that of layer 1 takes it back.
Checkpoint smallCheckpoint() {
  Checkpoint checkpoint;
  checkpoint.tensors = {
      tensor("embed.weight", {3, 2}, {1, 0, 0, 1, 1, 1}),
      tensor("positions.weight", {2, 2}, {1, 2, 3, 4}),
      tensor("layers.0.attn.q.weight", {1, 2}, {2, 0}),
      tensor("layers.0.attn.k.weight", {1, 2}, {0, 3}),
      tensor("layers.0.attn.v.weight", {1, 2}, {1, 0}),
      tensor("layers.0.attn.o.weight", {2, 1}, {0, 1}),
      tensor("layers.1.attn.q.weight", {1, 2}, {2, 0}),
      tensor("layers.1.attn.k.weight", {1, 2}, {0, 3}),
      tensor("layers.1.attn.v.weight", {1, 2}, {0, 1}),
      tensor("layers.1.attn.o.weight", {2, 1}, {1, 0}),
      tensor("unembed.weight", {3, 2}, {1, 2, 3, 4, 5, 6}),
      tensor("unembed.bias", {3}, {9, 9, 9}),
      tensor("optimizer.m.embed.weight", {3, 2}, {7, 7, 7, 7, 7, 7}),
  };
  return checkpoint;
}

ModelWeights smallWeights() {
  auto weights = ModelWeights::of(smallCheckpoint(), smallModel());
  if (!weights)
    qFatal("%s", weights.error().message.c_str());
  return std::move(*weights);
}

/// Any numbers, of a model of some size.
ModelWeights randomWeights(const ModelSpec& model, Random& random, std::int64_t d_vocab = 7) {
  const std::int64_t d = model.d_model;
  const std::int64_t h = std::int64_t{model.n_heads} * model.d_head;
  Checkpoint checkpoint;
  const auto add = [&](const std::string& name, std::int64_t rows, std::int64_t cols) {
    checkpoint.tensors.push_back(
        tensor(name, {rows, cols}, randomValues(random, static_cast<std::size_t>(rows * cols))));
  };
  add("embed.weight", d_vocab, d);
  add("positions.weight", model.n_ctx, d);
  add("unembed.weight", d_vocab, d);
  add("ln_final.weight", 1, d);
  for (int layer = 0; layer < model.n_layers; ++layer) {
    const std::string at = "layers." + std::to_string(layer) + ".";
    add(at + "attn.q.weight", h, d);
    add(at + "attn.k.weight", h, d);
    add(at + "attn.v.weight", h, d);
    add(at + "attn.o.weight", d, h);
    add(at + "ln1.weight", 1, d);
  }
  auto weights = ModelWeights::of(checkpoint, model);
  if (!weights)
    qFatal("%s", weights.error().message.c_str());
  return std::move(*weights);
}

/// A vector as LayerNorm leaves it before its scale, and its standard deviation.
struct Normed {
  Matrix unit;
  double deviation = 0;
};
Normed normed(const Matrix& rows, std::int64_t row) {
  Normed result{rowBlock(rows, row, 1), 0};
  double mean = 0;
  for (const double value : result.unit.values)
    mean += value / static_cast<double>(rows.cols);
  for (double& value : result.unit.values) {
    value -= mean;
    result.deviation += value * value / static_cast<double>(rows.cols);
  }
  result.deviation = std::sqrt(result.deviation);
  for (double& value : result.unit.values)
    value /= result.deviation;
  return result;
}

}  // namespace

class TestCircuits : public QObject {
  Q_OBJECT

 private slots:
  void scoresByHand() {
    const ModelWeights weights = smallWeights();
    QCOMPARE(weights.vocabulary(), std::int64_t{3});
    // 2 x component 0 of the reader, 3 x component 1 of the source; d_head is 1.
    QCOMPARE(tokenScores(weights, {0, 0}, NormChoice::AsIs).values,
             (std::vector<double>{0, 6, 6, 0, 0, 0, 0, 6, 6}));
    QCOMPARE(positionScores(weights, {0, 0}, NormChoice::AsIs).values,
             (std::vector<double>{12, 24, 36, 72}));
  }

  void valuePathsByHand() {
    const ModelWeights weights = smallWeights();
    // A source's component 0, written to component 1, which the unembedding reads as 2, 4, 6.
    QCOMPARE(valuePath(weights, {0, 0}, NormChoice::AsIs, Reading::Unembedding).values,
             (std::vector<double>{2, 4, 6, 0, 0, 0, 2, 4, 6}));
    QCOMPARE(valuePath(weights, {0, 0}, NormChoice::AsIs, Reading::Embedding).values,
             (std::vector<double>{0, 1, 1, 0, 0, 0, 0, 1, 1}));
    // There and back again.
    QCOMPARE(
        composedValuePath(weights, {0, 0}, {1, 0}, NormChoice::AsIs, Reading::Unembedding).values,
        (std::vector<double>{1, 3, 5, 0, 0, 0, 1, 3, 5}));
    QCOMPARE(
        composedValuePath(weights, {0, 0}, {1, 0}, NormChoice::AsIs, Reading::Embedding).values,
        (std::vector<double>{1, 0, 1, 0, 0, 0, 1, 0, 1}));
  }

  void alignedHeadsComposeFullyAndOthersNotAtAll() {
    const Composition composition = compositionScores(smallWeights(), NormChoice::AsIs);
    // Layer 0 writes component 1: the keys and values of layer 1 read it, the queries do not.
    QVERIFY(isNear(composition.key.at(1, 0), 1));
    QVERIFY(isNear(composition.value.at(1, 0), 1));
    QVERIFY(isNear(composition.query.at(1, 0), 0));
    QVERIFY(std::isnan(composition.value.at(0, 1)));
    QVERIFY(std::isnan(composition.value.at(0, 0)));
    QVERIFY(isNear(composition.baseline, std::sqrt(0.5)));
  }

  /// Against the whole matrices, and the baseline against many of them.
  void compositionIsTheRatioOfNorms() {
    ModelSpec model = smallModel();
    model.n_layers = 3;
    model.n_heads = 2;
    model.d_model = 12;
    model.d_head = 3;
    Random random(4, "composition");
    double mean_square = 0;
    int count = 0;
    for (int round = 0; round < 40; ++round) {
      const ModelWeights weights = randomWeights(model, random);
      const Composition composition = compositionScores(weights, NormChoice::AsIs);
      const auto heads = allHeads(model);
      for (std::size_t b = 0; b < heads.size(); ++b) {
        for (std::size_t a = 0; a < heads.size(); ++a) {
          if (heads[a].layer >= heads[b].layer)
            continue;
          const HeadWeights first = weights.head(heads[a].layer, heads[a].head);
          const HeadWeights second = weights.head(heads[b].layer, heads[b].head);
          const Matrix ov_a = product(first.output, first.value);
          const Matrix ov_b = product(second.output, second.value);
          const Matrix qk = transposedProduct(second.query, second.key);
          const auto row = static_cast<std::int64_t>(b);
          const auto col = static_cast<std::int64_t>(a);
          const double by = frobenius(ov_a) * frobenius(qk);
          const double q = frobenius(product(transposed(qk), ov_a)) / by;
          const double k = frobenius(product(qk, ov_a)) / by;
          const double v = frobenius(product(ov_b, ov_a)) / (frobenius(ov_a) * frobenius(ov_b));
          QVERIFY(isNear(composition.query.at(row, col), q));
          QVERIFY(isNear(composition.key.at(row, col), k));
          QVERIFY(isNear(composition.value.at(row, col), v));
          mean_square += v * v;
          ++count;
        }
      }
    }
    const double root = std::sqrt(mean_square / count);
    const double baseline = 1.0 / std::sqrt(12.0);
    QVERIFY2(std::abs(root - baseline) < 0.03 * baseline,
             qPrintable(QStringLiteral("%1 against %2").arg(root).arg(baseline)));
  }

  /// What the model itself computes of one normalised token, but for the deviations.
  void foldedMatricesReadWhatLayerNormGives() {
    ModelSpec model = smallModel();
    model.norm = ModelSpec::Norm::Pre;
    model.d_model = 10;
    model.d_head = 4;
    Random random(8, "folding");
    const ModelWeights weights = randomWeights(model, random);
    QVERIFY(whyNotFoldable(model).empty());
    const Matrix folded = tokenScores(weights, {1, 0}, NormChoice::Folded);
    const Matrix& scale = weights.matrix("layers.1.ln1.weight");
    const HeadWeights head = weights.head(1, 0);
    for (std::int64_t reader = 0; reader < 7; ++reader) {
      for (std::int64_t source = 0; source < 7; ++source) {
        Normed x = normed(weights.embedding(), reader);
        Normed y = normed(weights.embedding(), source);
        for (std::int64_t i = 0; i < 10; ++i) {
          x.unit.at(0, i) *= scale.at(0, i);
          y.unit.at(0, i) *= scale.at(0, i);
        }
        const Matrix q = productTransposed(x.unit, head.query);
        const Matrix k = productTransposed(y.unit, head.key);
        const double model_score = productTransposed(q, k).at(0, 0) / 2;  // sqrt(d_head)
        QVERIFY(isNear(folded.at(reader, source), model_score * x.deviation * y.deviation));
      }
    }
    // The value path is centred twice: no constant added to the embedding can be seen.
    const Matrix path = valuePath(weights, {0, 0}, NormChoice::Folded, Reading::Unembedding);
    QVERIFY(frobenius(path) > 0);
    const Matrix as_is = valuePath(weights, {0, 0}, NormChoice::AsIs, Reading::Unembedding);
    QVERIFY(!isNear(frobenius(path), frobenius(as_is), 1e-3));
  }

  void otherNormsSayWhyTheyCannotBeFolded() {
    ModelSpec model = smallModel();
    QCOMPARE(whyNotFoldable(model), std::string("This model has no LayerNorm."));
    QCOMPARE(normText(model, NormChoice::AsIs), std::string("no LayerNorm"));
    model.norm = ModelSpec::Norm::Post;
    QVERIFY(whyNotFoldable(model).starts_with("With post-LN"));
    QCOMPARE(normText(model, NormChoice::AsIs), std::string("LayerNorm left out"));
    model.norm = ModelSpec::Norm::Pre;
    QCOMPARE(whyNotFoldable(model), std::string());
    QCOMPARE(normText(model, NormChoice::Folded), std::string("LayerNorm folded"));
    model.kind = ModelSpec::Kind::Lstm;  // its other fields do not count
    QCOMPARE(whyNotFoldable(model), std::string("This model has no LayerNorm."));
    QCOMPARE(normText(model, NormChoice::AsIs), std::string("no LayerNorm"));
  }

  void withoutOutputMatrixAHeadWritesItsOwnColumns() {
    ModelSpec model = smallModel();
    model.n_heads = 2;
    model.attention_output = false;
    Random random(2, "no output");
    const ModelWeights weights = randomWeights(model, random);
    QCOMPARE(weights.head(0, 0).output.values, (std::vector<double>{1, 0}));
    QCOMPARE(weights.head(0, 1).output.values, (std::vector<double>{0, 1}));
  }

  void sinusoidsAreThoseOfTheModel() {
    ModelSpec model = smallModel();
    model.positions = ModelSpec::Positions::Sinusoidal;
    const auto weights = ModelWeights::of(smallCheckpoint(), model);
    QVERIFY(weights.has_value());
    QVERIFY(isNear(weights->positions().at(1, 0), std::sin(1.0)));
    QVERIFY(isNear(weights->positions().at(1, 1), std::cos(1.0)));
    model.positions = ModelSpec::Positions::None;
    const auto none = ModelWeights::of(smallCheckpoint(), model);
    QVERIFY(positionScores(*none, {0, 0}, NormChoice::AsIs).isEmpty());
  }

  void damagedCheckpointsAreNamed() {
    Checkpoint checkpoint = smallCheckpoint();
    checkpoint.tensors.erase(checkpoint.tensors.begin() + 3);
    QCOMPARE(ModelWeights::of(checkpoint, smallModel()).error().message,
             std::string("There is no tensor layers.0.attn.k.weight in it."));
    checkpoint = smallCheckpoint();
    checkpoint.tensors[2] = tensor("layers.0.attn.q.weight", {2, 1}, {2, 0});
    QCOMPARE(ModelWeights::of(checkpoint, smallModel()).error().message,
             std::string("The tensor layers.0.attn.q.weight has shape 2 x 1, expected 1 x 2."));
  }

  void matricesHaveNames() {
    ModelSpec model;
    model.n_layers = 2;
    model.n_heads = 2;
    const auto names = listMatrices(model);
    QCOMPARE(names.size(), std::size_t{3 + 2 * (8 + 2)});
    QCOMPARE(names[2].id, std::string("layers.0.attn.q.0"));
    QCOMPARE(names[2].title, std::string("Query, layer 0 head 0"));
    QCOMPARE(usualMatrix(model), std::string("layers.1.attn.q.0"));
    model.kind = ModelSpec::Kind::Lstm;
    QCOMPARE(listMatrices(model).size(), std::size_t{2 + 2 * 2});
    QCOMPARE(usualMatrix(model), std::string("embed"));
    const ModelWeights weights = smallWeights();
    QCOMPARE(namedMatrix(weights, {"", "", "layers.0.attn.o.weight", 0}).values,
             (std::vector<double>{0, 1}));
    QVERIFY(namedMatrix(weights, {"", "", "layers.7.mlp.in.weight", -1}).isEmpty());
  }

  void tokensCanBeLeftOut() {
    ModelWeights weights = smallWeights();
    weights.keepTokens({0, 2});
    QCOMPARE(weights.embedding().values, (std::vector<double>{1, 0, 1, 1}));
    QCOMPARE(tokenScores(weights, {0, 0}, NormChoice::AsIs).values,
             (std::vector<double>{0, 6, 0, 6}));
  }
};

QTEST_GUILESS_MAIN(TestCircuits)
#include "tst_circuits.moc"
