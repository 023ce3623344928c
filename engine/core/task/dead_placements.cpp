// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/random.h"
#include "engine/core/task/compile.h"
#include "engine/core/task/sampler.h"

#include <algorithm>

namespace anchorlens::core {
namespace {

/// Pairs of anchors and placement that are tried; with more, drawing finds out by itself, slowly.
constexpr std::int64_t kMostPairs = 1024;

void look(const TaskPlan& plan, Cell& cell) {
  const FormPlan& form = plan.forms[at(cell.form)];
  const int n_placements = cell.placements.tableSize();
  const std::int64_t n_pairs = std::int64_t{form.combinations.n} * n_placements;
  if (!form.can_overlap || !cell.placements.hasTable() || n_pairs > kMostPairs) {
    return;
  }
  Random random(1, "dead placements");
  Sampler sampler(plan, random);
  std::vector<std::int32_t> tokens(at(cell.length));
  for (int c = 0; c < form.combinations.n; ++c) {
    for (int placement = 0; placement < n_placements; ++placement) {
      cell.is_dead.push_back(sampler.canPlace(cell, c, placement, tokens.data()) ? 0 : 1);
    }
  }
  if (std::count(cell.is_dead.begin(), cell.is_dead.end(), 1) == 0) {
    cell.is_dead.clear();
  }
}

}  // namespace

void findDeadPlacements(TaskPlan& plan) {
  for (Cell& cell : plan.cells) {
    look(plan, cell);
  }
}

}  // namespace anchorlens::core
