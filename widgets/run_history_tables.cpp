// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/run_history.h"
#include "widgets/time_scale.h"

#include <algorithm>
#include <limits>
#include <set>
#include <string_view>

namespace anchorlens::widgets {

namespace {

/// "Train" -> "train", "A=3 B=4 held_out" stays.
QString columnName(const QString& group, GroupLine line, const QString& what) {
  return (line == GroupLine::HeldOut ? group : group.toLower()) + '_' + what;
}

/// Value at exactly this step; NaN when there is none.
double valueAt(const Series& series, double step) {
  const auto place = std::lower_bound(series.steps.begin(), series.steps.end(), step);
  return place != series.steps.end() && *place == step
             ? series.values[static_cast<std::size_t>(place - series.steps.begin())]
             : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

NumberTable RunHistory::curveNumbers(int smoothing) const {
  NumberTable table;
  table.title = QStringLiteral("Loss and accuracy");
  table.columns << QStringLiteral("step");
  std::set<double> steps;
  std::vector<Series> columns;
  for (const GroupSeries& group : m_groups) {
    const auto add = [&](const Series& series, const QString& what) {
      table.columns << columnName(group.name, group.line, what);
      columns.push_back(series);
    };
    add(group.loss, QStringLiteral("loss"));
    add(group.accuracy, QStringLiteral("accuracy"));
    if (smoothing > 0) {
      add(smoothed(group.loss, smoothing), QStringLiteral("loss_smoothed"));
      add(smoothed(group.accuracy, smoothing), QStringLiteral("accuracy_smoothed"));
    }
    steps.insert(group.loss.steps.begin(), group.loss.steps.end());
  }
  for (const double step : steps) {
    std::vector<NumberTable::Value> row{static_cast<qint64>(step)};
    for (const Series& column : columns) {
      row.emplace_back(valueAt(column, step));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

NumberTable RunHistory::scoreNumbers() const {
  NumberTable table;
  table.title = QStringLiteral("Head scores");
  table.columns = {QStringLiteral("step"), QStringLiteral("layer"), QStringLiteral("head"),
                   QStringLiteral("label"), QStringLiteral("state")};
  for (int i = 0; i < 6; ++i) {
    table.columns << QString::fromUtf8(core::labelName(static_cast<core::Label>(i)));
  }
  for (std::size_t frame = 0; !m_heads.empty() && frame < m_heads.front().steps.size(); ++frame) {
    for (const HeadSeries& head : m_heads) {
      const core::HeadLabel& label = head.labels[frame];
      const std::string_view name = label.label ? core::labelName(*label.label) : "";
      std::vector<NumberTable::Value> row{
          static_cast<qint64>(head.steps[frame]), qint64(head.layer), qint64(head.head),
          QString::fromUtf8(name), QString::fromUtf8(core::labelStateName(label.state))};
      for (const auto& lifts : head.lifts) {
        row.emplace_back(lifts[frame]);
      }
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

}  // namespace anchorlens::widgets
