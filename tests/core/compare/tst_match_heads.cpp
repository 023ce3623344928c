// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/compare/match_heads.h"
#include "tests/core/analysis/made_weights.h"

#include <QTest>

#include <cmath>

using namespace anchorlens::core;
using analysis::Matrix;
using analysis::ModelWeights;
using anchorlens::tests::randomMatrix;
using anchorlens::tests::tensor;

namespace {

constexpr int kLayers = 2;
constexpr int kHeads = 4;
constexpr int kModel = 6;
constexpr int kHead = 2;
constexpr int kTokens = 10;
constexpr int kPositions = 5;

using Matrices = std::map<std::string, Matrix>;

ModelSpec modelSpec() {
  ModelSpec model;
  model.n_layers = kLayers;
  model.n_heads = kHeads;
  model.d_model = kModel;
  model.d_head = kHead;
  model.n_ctx = kPositions;
  model.mlp = false;
  model.norm = ModelSpec::Norm::None;
  model.unembedding_bias = false;
  return model;
}

std::string attention(int layer, const char* part) {
  return "layers." + std::to_string(layer) + ".attn." + part + ".weight";
}

Matrices randomModel(Random& random) {
  Matrices all;
  all["embed.weight"] = randomMatrix(random, kTokens, kModel);
  all["positions.weight"] = randomMatrix(random, kPositions, kModel);
  all["unembed.weight"] = randomMatrix(random, kTokens, kModel);
  for (int layer = 0; layer < kLayers; ++layer) {
    for (const char* part : {"q", "k", "v"})
      all[attention(layer, part)] = randomMatrix(random, kHeads * kHead, kModel);
    all[attention(layer, "o")] = randomMatrix(random, kModel, kHeads * kHead);
  }
  return all;
}

ModelWeights weightsOf(const Matrices& matrices) {
  Checkpoint checkpoint;
  for (const auto& [name, matrix] : matrices) {
    checkpoint.tensors.push_back(
        tensor(name, {matrix.rows, matrix.cols}, {matrix.values.begin(), matrix.values.end()}));
  }
  auto weights = ModelWeights::of(checkpoint, modelSpec());
  if (!weights)
    qFatal("%s", weights.error().message.c_str());
  return std::move(*weights);
}

/// Head h of a layer becomes head order[h].
void permuteHeads(Matrices& model, int layer, const std::vector<int>& order) {
  const Matrices before = model;
  for (int head = 0; head < kHeads; ++head) {
    for (int i = 0; i < kHead; ++i) {
      const int from = head * kHead + i;
      const int to = order[static_cast<std::size_t>(head)] * kHead + i;
      for (int d = 0; d < kModel; ++d) {
        for (const char* part : {"q", "k", "v"}) {
          const std::string name = attention(layer, part);
          model[name].at(to, d) = before.at(name).at(from, d);
        }
        const std::string name = attention(layer, "o");
        model[name].at(d, to) = before.at(name).at(d, from);
      }
    }
  }
}

/// Other vectors for the same thing: turned inside every head by 90 degrees, and the residual
/// stream's components in another order.
Matrices otherBasis(const Matrices& model) {
  Matrices turned = model;
  for (int layer = 0; layer < kLayers; ++layer) {
    for (int head = 0; head < kHeads; ++head) {
      const int a = head * kHead;
      for (int d = 0; d < kModel; ++d) {
        for (const char* part : {"q", "k", "v"}) {
          const std::string name = attention(layer, part);
          turned[name].at(a, d) = -model.at(name).at(a + 1, d);
          turned[name].at(a + 1, d) = model.at(name).at(a, d);
        }
        const std::string name = attention(layer, "o");
        turned[name].at(d, a) = -model.at(name).at(d, a + 1);
        turned[name].at(d, a + 1) = model.at(name).at(d, a);
      }
    }
  }
  for (auto& [name, matrix] : turned) {
    const Matrix before = matrix;
    const bool is_output = name.find("attn.o") != std::string::npos;
    for (std::int64_t row = 0; row < matrix.rows; ++row) {
      for (std::int64_t col = 0; col < matrix.cols; ++col) {
        if (is_output)
          matrix.at((row + 2) % kModel, col) = before.at(row, col);
        else
          matrix.at(row, (col + 2) % kModel) = before.at(row, col);
      }
    }
  }
  return turned;
}

std::vector<int> partnersIn(const std::vector<HeadPair>& pairs, int layer) {
  std::vector<int> partners;
  for (const HeadPair& pair : pairs) {
    if (pair.layer == layer)
      partners.push_back(pair.second);
  }
  return partners;
}

/// Causal attention that differs from head to head.
PatternBatch madePatterns(int heads) {
  PatternBatch batch;
  batch.n = 1;
  batch.n_layers = 1;
  batch.n_heads = heads;
  batch.seq_len = 3;
  for (int head = 0; head < heads; ++head) {
    const float a = 0.1F * static_cast<float>(head);
    for (const float value : {1.0F, 0.0F, 0.0F, a, 1 - a, 0.0F, a, a, 1 - 2 * a})
      batch.pattern.push_back(value);
  }
  return batch;
}

constexpr HeadCount kCount{kLayers, kHeads};

}  // namespace

class TestMatchHeads : public QObject {
  Q_OBJECT

 private slots:
  void byPosition() {
    const auto pairs = matchByPosition({1, 3}, {2, 2});
    const std::vector<HeadPair> expected{
        {0, 0, 0, {}}, {0, 1, 1, {}}, {0, 2, -1, {}}, {1, -1, 0, {}}, {1, -1, 1, {}}};
    QCOMPARE(pairs, expected);
    QVERIFY(pairs[0].isWhole());
    QVERIFY(!pairs[2].isWhole());
  }

  void differenceWorkedByHand() {
    const std::vector<float> a{1, 9, 0.5F, 0.5F};
    const std::vector<float> b{1, 0, 0.25F, 0.75F};
    // Three cells are allowed; the 9 above the diagonal is not one of them.
    QCOMPARE(meanAbsoluteDifference(a, b, 2, true), 0.5 / 3);
    QCOMPARE(meanAbsoluteDifference(a, b, 2, false), 9.5 / 4);
  }

  void permutedPatternsAreMatchedBack() {
    const PatternBatch first = madePatterns(4);
    PatternBatch second = first;
    const std::vector<int> order{2, 0, 3, 1};
    for (int head = 0; head < 4; ++head) {
      const auto from = first.of(0, 0, head);
      std::copy(from.begin(), from.end(),
                second.pattern.begin() + order[static_cast<std::size_t>(head)] * 9);
    }
    const auto pairs = matchByDistance({1, 4}, {1, 4}, patternDistances(first, second, true));
    QCOMPARE(partnersIn(pairs, 0), order);
    for (const HeadPair& pair : pairs)
      QCOMPARE(pair.distance, 0.0);
  }

  void patternsOfFewerHeads() {
    const PatternBatch first = madePatterns(4);
    PatternBatch second = madePatterns(1);
    second.pattern.assign(first.of(0, 0, 3).begin(), first.of(0, 0, 3).end());
    const auto pairs = matchByDistance({1, 4}, {1, 1}, patternDistances(first, second, true));
    QCOMPARE(partnersIn(pairs, 0), (std::vector<int>{-1, -1, -1, 0}));
  }

  void permutedWeightsAreMatchedBack() {
    Random random(3);
    const Matrices model = randomModel(random);
    Matrices other = otherBasis(model);
    const std::vector<int> of_0{3, 1, 0, 2};
    const std::vector<int> of_1{1, 2, 3, 0};
    permuteHeads(other, 0, of_0);
    permuteHeads(other, 1, of_1);
    const auto distances = weightDistances(weightsOf(model), weightsOf(other));
    const auto pairs = matchByDistance(kCount, kCount, distances);
    QCOMPARE(partnersIn(pairs, 0), of_0);
    QCOMPARE(partnersIn(pairs, 1), of_1);
    for (const HeadPair& pair : pairs)
      QVERIFY2(*pair.distance < 1e-6, qPrintable(QString::number(*pair.distance)));
    // Heads that are not each other's are far apart.
    QVERIFY(distances[0].at(0, of_0[1]) > 0.3);
  }

  void weightsAreComparedNormalised() {
    Random random(4);
    const Matrices model = randomModel(random);
    Matrices negative = model;
    for (double& value : negative[attention(0, "q")].values)
      value = -value;
    for (double& value : negative[attention(0, "v")].values)
      value = -value;
    QVERIFY(std::abs(weightDistances(weightsOf(model), weightsOf(negative))[0].at(0, 0) - 1) <
            1e-9);
    Matrices nothing = model;
    for (auto& [name, matrix] : nothing)
      std::fill(matrix.values.begin(), matrix.values.end(), 0.0);
    QCOMPARE(weightDistances(weightsOf(nothing), weightsOf(nothing))[1].at(2, 3), 0.0);
  }

  void meanOfTheShownWhereThereIsNoOther() {
    Frame frame;
    QCOMPARE(meanPattern(frame).n, 0U);
    frame.shown.n = 2;
    frame.shown.n_layers = frame.shown.n_heads = 1;
    frame.shown.seq_len = 1;
    frame.shown.pattern = {0.25F, 0.75F};
    QCOMPARE(meanPattern(frame).pattern, std::vector<float>{0.5F});
    frame.mean = frame.shown;
    frame.mean.n = 1;
    frame.mean.pattern = {0.125F};
    QCOMPARE(meanPattern(frame).pattern, std::vector<float>{0.125F});
  }

  void namesReadBack() {
    for (int i = 0; i < kHeadMatches; ++i) {
      const auto match = static_cast<HeadMatch>(i);
      QCOMPARE(headMatchNamed(headMatchName(match)), match);
    }
    QVERIFY(!headMatchNamed("colour"));
  }
};

QTEST_GUILESS_MAIN(TestMatchHeads)
#include "tst_match_heads.moc"
