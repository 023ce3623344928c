// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/panel_runs_model.h"

#include <QString>

#include <vector>

namespace anchorlens::widgets {

enum class RunSort {
  Newest,    ///< as the rows are given
  Name,      ///< "Run 2" before "Run 10"
  Accuracy,  ///< the highest first; runs without one last
  State,     ///< what trains first, then what is paused, failed, stopped, finished, not started
};
constexpr int kRunSorts = 4;

/// How the list of runs is looked at.
struct RunChoices {
  QString filter;  ///< words; a run is listed when all of them are found in it, in any case
  RunSort sort = RunSort::Newest;
  bool isFiltering() const { return !filter.trimmed().isEmpty(); }
  bool operator==(const RunChoices&) const = default;
};

struct ArrangedRuns {
  std::vector<RunRow> rows;
  int found = 0;  ///< runs that the filter leaves
  int all = 0;    ///< those of folded rows, too
  /// One that this window trains, and that the filter hides; 0: none.
  quint64 hidden_training = 0;
};

/// The rows that are listed. A word is looked for in name, difference and status of a run, and in
/// the names of the rows that it stands below: those, and the runs that a fork stands below, are
/// there for it (RunRow::is_context). Digits are found where a number begins. Forks stay under
/// their parents and members in their study; what stands side by side is sorted.
ArrangedRuns arrangeRuns(const std::vector<RunRow>& rows, const RunChoices& choices);

}  // namespace anchorlens::widgets
