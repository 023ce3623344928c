// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/analysis/matrix.h"

#include <vector>

namespace anchorlens::core {

/// The assignment problem: pairs every row with a column, or every column with a row where there
/// are more rows, so that the sum of the pairs' costs is the least. Kuhn's Hungarian method with
/// potentials and shortest augmenting paths, O(n^2 m). Of several best assignments always the same
/// one is found. Costs must be finite.
///
/// Shape:
///   costs:   [n, m]
///   returns: [n], the column of each row; -1: none is left for it
std::vector<int> leastCostAssignment(const analysis::Matrix& costs);

/// The sum over the pairs of an assignment.
double assignmentCost(const analysis::Matrix& costs, const std::vector<int>& columns);

}  // namespace anchorlens::core
