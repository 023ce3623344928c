// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/compare/assignment.h"
#include "engine/core/random.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

using namespace anchorlens::core;
using analysis::Matrix;

namespace {

/// The least sum over all ways to pair: every permutation of the longer side.
double leastByTrying(const Matrix& costs) {
  const Matrix wide = costs.rows <= costs.cols ? costs : analysis::transposed(costs);
  std::vector<int> order(static_cast<std::size_t>(wide.cols));
  std::iota(order.begin(), order.end(), 0);
  double least = std::numeric_limits<double>::infinity();
  do {
    double sum = 0;
    for (std::int64_t row = 0; row < wide.rows; ++row)
      sum += wide.at(row, order[static_cast<std::size_t>(row)]);
    least = std::min(least, sum);
  } while (std::next_permutation(order.begin(), order.end()));
  return least;
}

/// Whole numbers from -span to span: few different ones make ties.
Matrix randomCosts(Random& random, std::int64_t rows, std::int64_t cols, std::uint32_t span) {
  Matrix costs(rows, cols);
  for (double& cost : costs.values)
    cost = static_cast<double>(random.below(2 * span + 1)) - static_cast<double>(span);
  return costs;
}

}  // namespace

class TestAssignment : public QObject {
  Q_OBJECT

 private slots:
  void workedByHand() {
    // The cheapest cell of each row would take column 1 twice.
    const Matrix costs(3, 3, {4, 1, 3, 2, 0, 5, 3, 2, 2});
    const std::vector<int> columns = leastCostAssignment(costs);
    QCOMPARE(columns, (std::vector<int>{1, 0, 2}));
    QCOMPARE(assignmentCost(costs, columns), 5.0);
  }

  void emptyOnes() {
    QVERIFY(leastCostAssignment(Matrix(0, 3)).empty());
    QCOMPARE(leastCostAssignment(Matrix(2, 0)), (std::vector<int>{-1, -1}));
  }

  void isTheBestOfAllWays() {
    Random random(20240129);
    int tried = 0;
    for (std::int64_t rows = 1; rows <= 6; ++rows) {
      for (std::int64_t cols = 1; cols <= 6; ++cols) {
        for (const std::uint32_t span : {1U, 4U, 1000U}) {
          for (int repeat = 0; repeat < 8; ++repeat, ++tried) {
            const Matrix costs = randomCosts(random, rows, cols, span);
            const std::vector<int> columns = leastCostAssignment(costs);
            QCOMPARE(columns.size(), static_cast<std::size_t>(rows));
            std::multiset<int> taken(columns.begin(), columns.end());
            taken.erase(-1);
            QCOMPARE(static_cast<std::int64_t>(taken.size()), std::min(rows, cols));
            QCOMPARE(std::set<int>(taken.begin(), taken.end()).size(), taken.size());
            QCOMPARE(assignmentCost(costs, columns), leastByTrying(costs));
          }
        }
      }
    }
    QCOMPARE(tried, 6 * 6 * 3 * 8);
  }

  void findsAHiddenPermutation() {
    Random random(7);
    constexpr int kSize = 64;
    std::vector<int> hidden(kSize);
    std::iota(hidden.begin(), hidden.end(), 0);
    for (std::size_t i = hidden.size(); i-- > 1;)
      std::swap(hidden[i], hidden[random.below(static_cast<std::uint32_t>(i) + 1)]);
    Matrix costs = randomCosts(random, kSize, kSize, 50);
    for (double& cost : costs.values)
      cost += 51;  // at least 1
    for (int row = 0; row < kSize; ++row)
      costs.at(row, hidden[static_cast<std::size_t>(row)]) = 0;
    QCOMPARE(leastCostAssignment(costs), hidden);
  }
};

QTEST_GUILESS_MAIN(TestAssignment)
#include "tst_assignment.moc"
