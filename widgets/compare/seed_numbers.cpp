// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/compare/seed_numbers.h"

#include "widgets/head_map_data.h"
#include "widgets/number_format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>

namespace anchorlens::widgets {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

QString tr(const char* text) {
  return QCoreApplication::translate("SeedsView", text);
}

core::NumberSeries numbersOf(const std::vector<double>& steps, const std::vector<double>& values) {
  core::NumberSeries series;
  series.values = values;
  for (const double step : steps) {
    series.steps.push_back(static_cast<std::int64_t>(step));
  }
  return series;
}

using HeadStep = std::optional<std::int64_t> core::HeadNumbers::*;

/// The first of all heads.
double firstStep(const core::RunNumbers& run, HeadStep of) {
  double first = kNone;
  for (const core::HeadNumbers& head : run.heads) {
    if (head.*of) {
      const auto step = static_cast<double>(*(head.*of));
      first = std::isnan(first) ? step : std::min(first, step);
    }
  }
  return first;
}

double testAccuracy(const core::RunNumbers& run, std::optional<std::int64_t> at) {
  for (const core::GroupNumbers& group : run.groups) {
    if (group.kind == core::GroupNumbers::Kind::Test) {
      return group.accuracy.at(at);
    }
  }
  return kNone;
}

template <typename ValueOf>
SeedRow rowOf(const SeedSet& set, SeedRow::Kind kind, const QString& title, Mechanism mechanism,
              ValueOf&& value_of) {
  SeedRow row;
  row.kind = kind;
  row.title = title;
  row.mechanism = mechanism;
  for (const SeedRun& run : set.runs) {
    row.values.push_back(run.numbers ? value_of(*run.numbers) : kNone);
  }
  row.spread = core::spreadOf(row.values);
  return row;
}

std::size_t mostHeads(const SeedSet& set) {
  std::size_t most = 0;
  for (const SeedRun& run : set.runs) {
    most = std::max(most, run.numbers ? run.numbers->heads.size() : 0);
  }
  return most;
}

/// Layer and head of an index; runs of one set-up agree.
const core::HeadNumbers* headAt(const SeedSet& set, std::size_t index) {
  for (const SeedRun& run : set.runs) {
    if (run.numbers && index < run.numbers->heads.size()) {
      return &run.numbers->heads[index];
    }
  }
  return nullptr;
}

}  // namespace

core::RunNumbers seedNumbers(const RunHistory& history) {
  core::RunNumbers numbers;
  numbers.step = history.newestStep();
  for (const GroupSeries& group : history.groups()) {
    if (group.line == GroupLine::Test) {
      core::GroupNumbers test;
      test.name = "Test";
      test.kind = core::GroupNumbers::Kind::Test;
      test.accuracy = numbersOf(group.accuracy.steps, group.accuracy.values);
      test.loss = numbersOf(group.loss.steps, group.loss.values);
      numbers.groups.push_back(std::move(test));
    }
  }
  const auto lift = [](const HeadSeries& head, core::Label label) {
    return numbersOf(head.steps, head.lifts[static_cast<std::size_t>(label)]);
  };
  for (const HeadSeries& head : history.headSeries()) {
    numbers.heads.push_back({head.layer, head.head, lift(head, core::Label::Shift),
                             lift(head, core::Label::Broadcast),
                             history.emergence(head.layer, head.head, core::Label::Shift),
                             history.emergence(head.layer, head.head, core::Label::Broadcast)});
  }
  return numbers;
}

std::vector<SeedRow> seedRows(const SeedSet& set) {
  using Kind = SeedRow::Kind;
  const auto emergence = [&set](const QString& title, Mechanism mechanism, HeadStep of) {
    return rowOf(set, Kind::Step, title, mechanism,
                 [of](const core::RunNumbers& run) { return firstStep(run, of); });
  };
  std::vector<SeedRow> rows{
      emergence(tr("Shift emerges"), Mechanism::Shift, &core::HeadNumbers::shift_step),
      emergence(tr("Broadcast emerges"), Mechanism::Broadcast, &core::HeadNumbers::broadcast_step),
      rowOf(set, Kind::Accuracy, tr("Test accuracy"), Mechanism::None,
            [&set](const core::RunNumbers& run) { return testAccuracy(run, set.step); })};
  for (std::size_t i = 0; i < mostHeads(set); ++i) {
    const core::HeadNumbers& place = *headAt(set, i);
    const QString name = headName(place.layer, place.head);
    const auto lift = [&](const QString& what, Mechanism mechanism,
                          core::NumberSeries core::HeadNumbers::*series) {
      return rowOf(set, Kind::Lift, name + QLatin1Char(' ') + what, mechanism,
                   [&](const core::RunNumbers& run) {
                     return i < run.heads.size() ? (run.heads[i].*series).at(set.step) : kNone;
                   });
    };
    rows.push_back(lift(tr("shift"), Mechanism::Shift, &core::HeadNumbers::shift));
    rows.push_back(lift(tr("broadcast"), Mechanism::Broadcast, &core::HeadNumbers::broadcast));
  }
  return rows;
}

QString seedValueText(SeedRow::Kind kind, double value) {
  if (std::isnan(value)) {
    return QStringLiteral("–");
  }
  switch (kind) {
    case SeedRow::Kind::Step:
      return formatInteger(std::llround(value));
    case SeedRow::Kind::Accuracy:
      return formatAccuracy(value);
    case SeedRow::Kind::Lift:
      break;
  }
  return formatScore(value);
}

QString seedSpreadText(const SeedRow& row) {
  const auto n = static_cast<std::int64_t>(row.values.size());
  if (!row.spread) {
    return tr("none of %1").arg(formatInteger(n));
  }
  const core::Spread& spread = *row.spread;
  return tr("%1 (%2 to %3), %4 of %5")
      .arg(seedValueText(row.kind, spread.median), seedValueText(row.kind, spread.min),
           seedValueText(row.kind, spread.max),
           formatInteger(static_cast<std::int64_t>(spread.count)), formatInteger(n));
}

NumberTable seedTable(const SeedSet& set) {
  NumberTable table;
  table.title = set.step ? tr("%1, step %2").arg(set.title, formatInteger(*set.step))
                         : tr("%1, last step of each").arg(set.title);
  const std::vector<SeedRow> rows = seedRows(set);
  table.columns << tr("run");
  for (const SeedRow& row : rows) {
    table.columns << row.title;
  }
  for (std::size_t run = 0; run < set.runs.size(); ++run) {
    std::vector<NumberTable::Value> cells{set.runs[run].name};
    for (const SeedRow& row : rows) {
      cells.emplace_back(row.values[run]);
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

}  // namespace anchorlens::widgets
