// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/analysis/row_statistics.h"
#include "tests/core/analysis/made_weights.h"

#include <QTest>

#include <cmath>
#include <numbers>

using namespace anchorlens::core;
using namespace anchorlens::core::analysis;

namespace {

bool isNear(double a, double b, double within = 1e-9) {
  return std::abs(a - b) <= within;
}

}  // namespace

class TestRowStatistics : public QObject {
  Q_OBJECT

 private slots:
  void productsByHand() {
    const Matrix a(2, 3, {1, 2, 3, 4, 5, 6});
    const Matrix b(3, 2, {1, 0, 0, 1, 2, -1});
    QCOMPARE(product(a, b).values, (std::vector<double>{7, -1, 16, -1}));
    QCOMPARE(productTransposed(a, a).values, (std::vector<double>{14, 32, 32, 77}));
    QCOMPARE(transposedProduct(a, a).values,
             (std::vector<double>{17, 22, 27, 22, 29, 36, 27, 36, 45}));
    QCOMPARE(transposed(a).values, (std::vector<double>{1, 4, 2, 5, 3, 6}));
    QCOMPARE(columnBlock(a, 1, 2).values, (std::vector<double>{2, 3, 5, 6}));
    QCOMPARE(rowBlock(a, 1, 1).values, (std::vector<double>{4, 5, 6}));
    QVERIFY(isNear(frobenius(a), std::sqrt(91.0)));
  }

  void singularValuesOfKnownMatrices() {
    // [[3, 0], [4, 5]]: A Aᵀ has trace 50 and determinant 225, so 45 and 5.
    const auto values = singularValues(Matrix(2, 2, {3, 0, 4, 5}));
    QCOMPARE(values.size(), std::size_t{2});
    QVERIFY(isNear(values[0], std::sqrt(45.0)));
    QVERIFY(isNear(values[1], std::sqrt(5.0)));
    // Wide and tall have the same ones.
    const Matrix wide(2, 3, {2, 0, 0, 0, 0, 7});
    QVERIFY(isNear(singularValues(wide)[0], 7) && isNear(singularValues(wide)[1], 2));
    QCOMPARE(singularValues(wide).size(), singularValues(transposed(wide)).size());
    QVERIFY(isNear(singularValues(transposed(wide))[1], 2));
    QVERIFY(singularValues(Matrix()).empty());
  }

  void eigenvectorsAreRowsInDescendingOrder() {
    const SymmetricEigen eigen = symmetricEigen(Matrix(2, 2, {2, 1, 1, 2}));
    QVERIFY(isNear(eigen.values[0], 3) && isNear(eigen.values[1], 1));
    QVERIFY(isNear(std::abs(eigen.vectors.at(0, 0)), std::numbers::sqrt2 / 2));
    QVERIFY(isNear(eigen.vectors.at(0, 0), eigen.vectors.at(0, 1)));
    QVERIFY(isNear(eigen.vectors.at(1, 0), -eigen.vectors.at(1, 1)));
  }

  void stableRankIsOneForOneDirectionAndTheRankForEqualOnes() {
    QVERIFY(isNear(stableRank(singularValues(Matrix(2, 2, {1, 2, 2, 4}))), 1));
    QVERIFY(isNear(stableRank(singularValues(Matrix(3, 3, {2, 0, 0, 0, 2, 0, 0, 0, -2}))), 3));
    QVERIFY(isNear(stableRank({2, 1}), 1.25));
    QVERIFY(std::isnan(stableRank({0, 0})));
    QVERIFY(std::isnan(stableRank({})));
  }

  void cosinesByHand() {
    const Matrix cosines = cosineMatrix(Matrix(4, 2, {1, 0, 3, 3, -2, 0, 0, 0}));
    const double half = std::numbers::sqrt2 / 2;
    const std::vector<double> expected{1,  half,  -1, 0, half, 1, -half, 0,
                                       -1, -half, 1,  0, 0,    0, 0,     1};
    for (std::size_t i = 0; i < expected.size(); ++i)
      QVERIFY2(isNear(cosines.values[i], expected[i]), qPrintable(QString::number(i)));
  }

  void condensationCountsPairs() {
    // Of three pairs one points the same way, and opposite counts as well.
    const Matrix cosines = cosineMatrix(Matrix(3, 2, {1, 0, -1, 0.1, 0, 1}));
    QVERIFY(isNear(condensation(cosines), 1.0 / 3));
    QVERIFY(isNear(condensation(cosines, 0.05), 2.0 / 3));
    QVERIFY(isNear(condensation(cosineMatrix(Matrix(3, 1, {1, 2, -3}))), 1));
    QVERIFY(std::isnan(condensation(cosineMatrix(Matrix(1, 2, {1, 2})))));
  }

  void clustersStandTogether() {
    // Two directions, mixed: 0, 2, 4 and 1, 3, 5.
    Matrix rows(6, 2);
    for (std::int64_t i = 0; i < 6; ++i) {
      const double angle = (i % 2 == 0 ? 0.0 : 1.4) + 0.02 * static_cast<double>(i);
      rows.at(i, 0) = std::cos(angle);
      rows.at(i, 1) = std::sin(angle);
    }
    const auto order = clusterOrder(cosineMatrix(rows));
    QCOMPARE(order, (std::vector<std::int64_t>{0, 2, 4, 1, 3, 5}));
    const Matrix square(2, 2, {1, 2, 3, 4});
    QCOMPARE(reordered(square, {1, 0}).values, (std::vector<double>{4, 3, 2, 1}));
  }

  /// The same tree as joining the two nearest clusters again and again.
  void clusteringAgreesWithThePlainAlgorithm() {
    Random random(5, "clusters");
    for (int round = 0; round < 20; ++round) {
      const Matrix cosines = cosineMatrix(anchorlens::tests::randomMatrix(random, 17, 3));
      std::vector<std::vector<std::int64_t>> clusters;
      for (std::int64_t i = 0; i < 17; ++i)
        clusters.push_back({i});
      while (clusters.size() > 1) {
        std::size_t a = 0;
        std::size_t b = 1;
        double least = 1e9;
        for (std::size_t i = 0; i < clusters.size(); ++i) {
          for (std::size_t j = i + 1; j < clusters.size(); ++j) {
            double sum = 0;
            for (const auto p : clusters[i]) {
              for (const auto q : clusters[j])
                sum += 1 - cosines.at(p, q);
            }
            const double mean = sum / static_cast<double>(clusters[i].size() * clusters[j].size());
            if (mean < least) {
              least = mean;
              a = i;
              b = j;
            }
          }
        }
        clusters[a].insert(clusters[a].end(), clusters[b].begin(), clusters[b].end());
        clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(b));
      }
      QCOMPARE(clusterOrder(cosines), clusters.front());
    }
  }

  void equalRowsKeepTheirOrder() {
    const auto order = clusterOrder(cosineMatrix(Matrix(5, 1, {1, 1, 1, 1, 1})));
    QCOMPARE(order, (std::vector<std::int64_t>{0, 1, 2, 3, 4}));
    QCOMPARE(clusterOrder(cosineMatrix(Matrix(1, 2, {1, 2}))), std::vector<std::int64_t>{0});
    QVERIFY(clusterOrder(Matrix()).empty());
  }
};

QTEST_GUILESS_MAIN(TestRowStatistics)
#include "tst_row_statistics.moc"
