// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/analysis/embedding_pca.h"
#include "engine/core/experiment_json.h"
#include "tests/core/analysis/made_weights.h"

#include <QTest>

#include <cmath>

using namespace anchorlens::core;
using namespace anchorlens::core::analysis;

namespace {

bool isNear(double a, double b, double within = 1e-9) {
  return std::abs(a - b) <= within;
}

std::vector<std::int64_t> firstTokens(std::int64_t n) {
  std::vector<std::int64_t> tokens;
  for (std::int64_t i = 0; i < n; ++i)
    tokens.push_back(i);
  return tokens;
}

}  // namespace

class TestEmbeddingPca : public QObject {
  Q_OBJECT

 private slots:
  /// Tokens on the line (1, 2) + t (3, -4) / 5: one component with all of the variance.
  void aLineHasOneComponent() {
    Matrix embedding(5, 2);
    for (std::int64_t i = 0; i < 5; ++i) {
      const double t = static_cast<double>(i) - 2;
      embedding.at(i, 0) = 1 + 0.6 * t;
      embedding.at(i, 1) = 2 - 0.8 * t;
    }
    const PcaAxes axes = pcaAxes(embedding, firstTokens(5));
    QVERIFY(isNear(axes.mean[0], 1) && isNear(axes.mean[1], 2));
    QVERIFY(isNear(axes.share[0], 1) && isNear(axes.share[1], 0));
    // The largest loading, -0.8, is made positive.
    QVERIFY(isNear(axes.axes.at(0, 0), -0.6) && isNear(axes.axes.at(0, 1), 0.8));
    const Matrix places = pcaCoordinates(embedding, axes);
    QCOMPARE(places.rows, std::int64_t{5});
    for (std::int64_t i = 0; i < 5; ++i) {
      QVERIFY(isNear(places.at(i, 0), 2 - static_cast<double>(i)));
      QVERIFY(isNear(places.at(i, 1), 0));
    }
  }

  void wideAndTallGiveTheSame() {
    Random random(3, "pca");
    const Matrix tall = anchorlens::tests::randomMatrix(random, 30, 4);
    Matrix wide(30, 40);  // the same points in more dimensions
    for (std::int64_t row = 0; row < 30; ++row) {
      for (std::int64_t col = 0; col < 4; ++col)
        wide.at(row, 10 + col) = tall.at(row, col);
    }
    const PcaAxes a = pcaAxes(tall, firstTokens(30));
    const PcaAxes b = pcaAxes(wide, firstTokens(30));
    for (int i = 0; i < kComponents; ++i) {
      QVERIFY(isNear(a.share[static_cast<std::size_t>(i)], b.share[static_cast<std::size_t>(i)]));
      QVERIFY(isNear(frobenius(rowBlock(b.axes, i, 1)), 1));
    }
    const Matrix p = pcaCoordinates(tall, a);
    const Matrix q = pcaCoordinates(wide, b);
    for (std::size_t i = 0; i < p.values.size(); ++i)
      QVERIFY(isNear(p.values[i], q.values[i]));
  }

  void tokensThatAreNotNamedHaveNoSay() {
    Matrix embedding(4, 2, {0, 0, 1, 0, 2, 0, 50, 90});
    const PcaAxes axes = pcaAxes(embedding, firstTokens(3));
    QCOMPARE(axes.tokens, std::int64_t{3});
    QVERIFY(isNear(axes.axes.at(0, 0), 1) && isNear(axes.axes.at(0, 1), 0));
    QVERIFY(isNear(pcaCoordinates(embedding, axes).at(3, 0), 49));
  }

  void signsFollowTheCheckpointBefore() {
    Random random(9, "signs");
    Matrix embedding = anchorlens::tests::randomMatrix(random, 20, 6);
    for (std::int64_t row = 0; row < 20; ++row) {
      embedding.at(row, 0) *= 6;  // well apart, so that the order of the axes stays
      embedding.at(row, 1) *= 3;
    }
    PcaAxes before = pcaAxes(embedding, firstTokens(20));
    for (int step = 0; step < 50; ++step) {
      // Turns the first axis slowly all the way round.
      const double c = std::cos(0.13);
      const double s = std::sin(0.13);
      for (std::int64_t row = 0; row < 20; ++row) {
        const double x = embedding.at(row, 0);
        const double y = embedding.at(row, 5);
        embedding.at(row, 0) = c * x - s * y;
        embedding.at(row, 5) = s * x + c * y;
      }
      PcaAxes now = pcaAxes(embedding, firstTokens(20));
      keepSigns(now, before);
      for (int i = 0; i < kComponents; ++i) {
        double along = 0;
        for (std::int64_t col = 0; col < 6; ++col)
          along += now.axes.at(i, col) * before.axes.at(i, col);
        QVERIFY2(along > 0.9, qPrintable(QStringLiteral("step %1: %2").arg(step).arg(along)));
      }
      before = now;
    }
    // By itself it would have flipped on the way: half a turn ends with the opposite sign.
    PcaAxes flipped = before;
    for (double& value : flipped.axes.values)
      value = -value;
    keepSigns(flipped, before);
    QCOMPARE(flipped.axes.values, before.axes.values);
  }

  void usesOfTokensComeFromTheTask() {
    const auto task = Task::compile(completed(preset("demo")).task);
    QVERIFY(task.has_value());
    const auto uses = tokenUses(*task);
    QCOMPARE(uses.size(), std::size_t{201});
    QCOMPARE(uses[3], TokenUse::Anchor);
    QCOMPARE(uses[19], TokenUse::Unused);
    QCOMPARE(uses[20], TokenUse::Key);
    QCOMPARE(uses[100], TokenUse::Key);
    QCOMPARE(uses[101], TokenUse::Unused);
    QCOMPARE(usedTokens(uses).size(), std::size_t{82});
    const auto composite = Task::compile(completed(preset("composite")).task);
    QVERIFY(composite.has_value());
    const auto more = tokenUses(*composite);
    QCOMPARE(more[1], TokenUse::Anchor);
    QCOMPARE(more[4], TokenUse::Anchor);
    QCOMPARE(more[110], TokenUse::Answer);  // 100 + 5 + 5
    QCOMPARE(more[111], TokenUse::Unused);
    QCOMPARE(usedTokens({TokenUse::Key, TokenUse::Unused, TokenUse::Unused}).size(),
             std::size_t{3});
  }
};

QTEST_GUILESS_MAIN(TestEmbeddingPca)
#include "tst_embedding_pca.moc"
