// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/analysis/matrix.h"

#include <cstdint>
#include <vector>

/// How alike the rows of a weight matrix are, and how many directions it has (docs/circuits.md).
namespace anchorlens::core::analysis {

/// Two rows point the same way, or opposite ways, when |cos| is at least this.
inline constexpr double kCondensed = 0.8;

/// Cosine of every pair of rows; 1 on the diagonal. A row of zeros has cosine 0 with every other
/// row.
///
/// Shape:
///   rows:    [n, d]
///   returns: [n, n]
Matrix cosineMatrix(const Matrix& rows);

/// Share of the pairs of different rows with |cos| >= threshold; NaN for fewer than two rows.
double condensation(const Matrix& cosines, double threshold = kCondensed);

/// |W|_F^2 / |W|_2^2, from 1 (one direction) to the rank; NaN for a matrix of zeros. `values` are
/// its singular values, descending.
double stableRank(const std::vector<double>& values);

/// Rows in the order of the leaves of hierarchical clustering: average linkage on 1 - cos. Two
/// clusters are joined with the one that has the smallest row first, and equal distances are
/// settled by row, so that the same matrix always has the same order.
std::vector<std::int64_t> clusterOrder(const Matrix& cosines);

/// Rows and columns of a square matrix in another order: [order[i], order[j]].
Matrix reordered(const Matrix& square, const std::vector<std::int64_t>& order);

}  // namespace anchorlens::core::analysis
