// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/compare/assignment.h"

#include <cassert>
#include <cmath>
#include <limits>

namespace anchorlens::core {

namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr int kNone = -1;

/// Rows are added one by one. A row's cheapest augmenting path is found as Dijkstra does, on costs
/// reduced by the potentials, which never get below zero. At least as many columns as rows.
class Solver {
 public:
  explicit Solver(const analysis::Matrix& costs)
      : m_costs(costs),
        m_rows(static_cast<int>(costs.rows)),
        m_cols(static_cast<int>(costs.cols)),
        m_row_potential(static_cast<std::size_t>(m_rows)),
        m_col_potential(static_cast<std::size_t>(m_cols)),
        m_row_of(static_cast<std::size_t>(m_cols), kNone) {}

  std::vector<int> columns() {
    for (int row = 0; row < m_rows; ++row)
      augment(row);
    std::vector<int> columns(static_cast<std::size_t>(m_rows), kNone);
    for (int col = 0; col < m_cols; ++col) {
      if (const int row = m_row_of[at(col)]; row != kNone)
        columns[at(row)] = col;
    }
    return columns;
  }

 private:
  static std::size_t at(int index) { return static_cast<std::size_t>(index); }

  void augment(int start) {
    m_distance.assign(at(m_cols), kInfinite);
    m_before.assign(at(m_cols), kNone);
    m_is_done.assign(at(m_cols), false);
    int row = start;
    int col = kNone;  // the column that led to `row`
    do {
      const int nearest = relax(row, col);
      shiftPotentials(start, m_distance[at(nearest)]);
      m_is_done[at(nearest)] = true;
      col = nearest;
      row = m_row_of[at(col)];
    } while (row != kNone);
    // The path's columns are handed on, backwards.
    while (col != kNone) {
      const int before = m_before[at(col)];
      m_row_of[at(col)] = before == kNone ? start : m_row_of[at(before)];
      col = before;
    }
  }

  /// Distances over `row`, which column `from` led to; returns the nearest column that is open.
  int relax(int row, int from) {
    int nearest = kNone;
    for (int col = 0; col < m_cols; ++col) {
      if (m_is_done[at(col)])
        continue;
      const double reduced =
          m_costs.at(row, col) - m_row_potential[at(row)] - m_col_potential[at(col)];
      if (reduced < m_distance[at(col)]) {
        m_distance[at(col)] = reduced;
        m_before[at(col)] = from;
      }
      if (nearest == kNone || m_distance[at(col)] < m_distance[at(nearest)])
        nearest = col;
    }
    return nearest;
  }

  /// Makes the nearest column's reduced distance zero without changing which paths are cheapest.
  void shiftPotentials(int start, double by) {
    m_row_potential[at(start)] += by;
    for (int col = 0; col < m_cols; ++col) {
      if (m_is_done[at(col)]) {
        m_row_potential[at(m_row_of[at(col)])] += by;
        m_col_potential[at(col)] -= by;
      } else {
        m_distance[at(col)] -= by;
      }
    }
  }

  const analysis::Matrix& m_costs;
  int m_rows;
  int m_cols;
  std::vector<double> m_row_potential;
  std::vector<double> m_col_potential;
  std::vector<int> m_row_of;       ///< of each column; kNone: free
  std::vector<double> m_distance;  ///< of each column, reduced
  std::vector<int> m_before;       ///< column before it on the path; kNone: the new row itself
  std::vector<bool> m_is_done;
};

}  // namespace

std::vector<int> leastCostAssignment(const analysis::Matrix& costs) {
  for ([[maybe_unused]] const double cost : costs.values)
    assert(std::isfinite(cost));
  if (costs.rows <= costs.cols)
    return Solver(costs).columns();
  const std::vector<int> rows = Solver(analysis::transposed(costs)).columns();
  std::vector<int> columns(static_cast<std::size_t>(costs.rows), kNone);
  for (std::size_t col = 0; col < rows.size(); ++col)
    columns[static_cast<std::size_t>(rows[col])] = static_cast<int>(col);
  return columns;
}

double assignmentCost(const analysis::Matrix& costs, const std::vector<int>& columns) {
  double sum = 0;
  for (std::size_t row = 0; row < columns.size(); ++row) {
    if (columns[row] != kNone)
      sum += costs.at(static_cast<std::int64_t>(row), columns[row]);
  }
  return sum;
}

}  // namespace anchorlens::core
