// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/study/member_facts.h"
#include "widgets/panel_runs_model.h"

#include <map>
#include <optional>
#include <vector>

namespace anchorlens::app {

/// What one row says of several runs of a study, a setting or a set-up: how many are done, and the
/// spread of the final accuracy of those that finished.
class RunSummary {
 public:
  using State = core::MemberFacts::State;

  void add(State state, std::optional<double> test_accuracy);
  /// Into status, state, accuracy (the median), difference (the range) and n_runs.
  void fill(widgets::RunRow& row) const;

 private:
  int m_runs = 0;
  std::map<State, int> m_counts;
  std::vector<double> m_accuracies;
};

}  // namespace anchorlens::app
