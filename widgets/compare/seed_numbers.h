// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/study/run_numbers.h"
#include "engine/core/study/spread.h"
#include "widgets/number_table.h"
#include "widgets/run_history.h"
#include "widgets/theme.h"

#include <QString>

#include <memory>
#include <optional>
#include <vector>

/// Many runs of one set-up: the same number of each, as a distribution (docs/compare.md).
namespace anchorlens::widgets {

struct SeedRun {
  quint64 id = 0;  ///< the same for as long as the run is there, and what the view tells of it
  QString name;    ///< "Run 7, seed 1"
  int colour = 0;
  bool is_compared = false;  ///< one of the two that are ticked
  std::shared_ptr<const core::RunNumbers> numbers;
};

struct SeedSet {
  QString title;  ///< "5 runs of twoheads"
  std::vector<SeedRun> runs;
  /// Scores and accuracy at this step; none: each run's last.
  std::optional<std::int64_t> step;
};

/// One number of all runs.
struct SeedRow {
  enum class Kind { Step, Accuracy, Lift };
  Kind kind = Kind::Step;
  QString title;  ///< "Shift emerges"
  Mechanism mechanism = Mechanism::None;
  std::vector<double> values;  ///< of each run; NaN: it has none
  std::optional<core::Spread> spread;
};

/// What a run of the window recorded, as a study has it of its runs.
core::RunNumbers seedNumbers(const RunHistory& history);

/// First emergence of shift and of broadcast, test accuracy, then both scores of every head.
std::vector<SeedRow> seedRows(const SeedSet& set);

/// "220", "98.4 %", "0.97"; an en dash for none.
QString seedValueText(SeedRow::Kind kind, double value);
/// "220 (200 to 290), 4 of 5"; of none "none of 5".
QString seedSpreadText(const SeedRow& row);
/// A row a run: name, then every number.
NumberTable seedTable(const SeedSet& set);

}  // namespace anchorlens::widgets
