// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/analysis/row_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace anchorlens::core::analysis {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Clusters that are left, their distances and their rows in order. The algorithm is that of
/// nearest-neighbour chains: average linkage never makes a cluster nearer than both of its parts
/// were, so that any two mutual nearest neighbours may be joined at once. O(n^2).
class Clusters {
 public:
  explicit Clusters(const Matrix& cosines)
      : m_n(cosines.rows), m_distances(cosines), m_leaves(static_cast<std::size_t>(cosines.rows)) {
    for (double& value : m_distances.values)
      value = 1.0 - value;
    for (std::int64_t i = 0; i < m_n; ++i)
      leaves(i).push_back(i);
  }

  std::vector<std::int64_t> order() {
    std::vector<std::int64_t> chain;
    for (std::int64_t left = m_n; left > 1;) {
      if (chain.empty())
        chain.push_back(firstAlive());
      const std::int64_t last = chain.back();
      const std::int64_t before = chain.size() > 1 ? chain[chain.size() - 2] : -1;
      const std::int64_t next = nearest(last, before);
      if (next != before) {
        chain.push_back(next);
        continue;
      }
      chain.resize(chain.size() - 2);
      join(std::min(last, next), std::max(last, next));
      --left;
    }
    return m_n == 0 ? std::vector<std::int64_t>() : leaves(firstAlive());
  }

 private:
  std::vector<std::int64_t>& leaves(std::int64_t i) {
    return m_leaves[static_cast<std::size_t>(i)];
  }
  bool isAlive(std::int64_t i) const { return !m_leaves[static_cast<std::size_t>(i)].empty(); }
  std::int64_t firstAlive() const {
    std::int64_t i = 0;
    while (!isAlive(i))
      ++i;
    return i;
  }
  /// At equal distance the one before in the chain, so that the chain ends; else the lowest.
  std::int64_t nearest(std::int64_t of, std::int64_t before) const {
    std::int64_t found = before;
    double least =
        before < 0 ? std::numeric_limits<double>::infinity() : m_distances.at(of, before);
    for (std::int64_t i = 0; i < m_n; ++i) {
      if (i != of && isAlive(i) && (m_distances.at(of, i) < least || found < 0)) {
        least = m_distances.at(of, i);
        found = i;
      }
    }
    return found;
  }
  /// A cluster keeps the index of its smallest row.
  void join(std::int64_t a, std::int64_t b) {
    const auto size_a = static_cast<double>(leaves(a).size());
    const auto size_b = static_cast<double>(leaves(b).size());
    leaves(a).insert(leaves(a).end(), leaves(b).begin(), leaves(b).end());
    leaves(b).clear();
    for (std::int64_t i = 0; i < m_n; ++i) {
      const double mean =
          (size_a * m_distances.at(a, i) + size_b * m_distances.at(b, i)) / (size_a + size_b);
      m_distances.at(a, i) = mean;
      m_distances.at(i, a) = mean;
    }
  }

  std::int64_t m_n;
  Matrix m_distances;
  std::vector<std::vector<std::int64_t>> m_leaves;  ///< empty: joined to another
};

}  // namespace

Matrix cosineMatrix(const Matrix& rows) {
  Matrix units = rows;
  for (std::int64_t row = 0; row < rows.rows; ++row) {
    double square = 0;
    for (std::int64_t col = 0; col < rows.cols; ++col)
      square += rows.at(row, col) * rows.at(row, col);
    const double norm = std::sqrt(square);
    for (std::int64_t col = 0; col < rows.cols && norm > 0; ++col)
      units.at(row, col) /= norm;
  }
  Matrix cosines = productTransposed(units, units);
  for (std::int64_t row = 0; row < cosines.rows; ++row) {
    // Exactly symmetric, whatever order the products were added up in.
    for (std::int64_t col = 0; col < row; ++col) {
      const double value = std::clamp(cosines.at(row, col), -1.0, 1.0);
      cosines.at(row, col) = value;
      cosines.at(col, row) = value;
    }
    cosines.at(row, row) = 1.0;
  }
  return cosines;
}

double condensation(const Matrix& cosines, double threshold) {
  const std::int64_t n = cosines.rows;
  if (n < 2)
    return kNone;
  std::int64_t count = 0;
  for (std::int64_t row = 0; row < n; ++row) {
    for (std::int64_t col = 0; col < row; ++col)
      count += std::abs(cosines.at(row, col)) >= threshold ? 1 : 0;
  }
  return static_cast<double>(count) / (static_cast<double>(n) * static_cast<double>(n - 1) / 2);
}

double stableRank(const std::vector<double>& values) {
  if (values.empty() || !(values.front() > 0))
    return kNone;
  double sum = 0;
  for (const double value : values)
    sum += value * value;
  return sum / (values.front() * values.front());
}

std::vector<std::int64_t> clusterOrder(const Matrix& cosines) {
  return Clusters(cosines).order();
}

Matrix reordered(const Matrix& square, const std::vector<std::int64_t>& order) {
  Matrix result(square.rows, square.cols);
  for (std::int64_t row = 0; row < square.rows; ++row) {
    for (std::int64_t col = 0; col < square.cols; ++col)
      result.at(row, col) =
          square.at(order[static_cast<std::size_t>(row)], order[static_cast<std::size_t>(col)]);
  }
  return result;
}

}  // namespace anchorlens::core::analysis
