// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_runs_numbers.h"

#include <QStringList>

namespace anchorlens::widgets {

namespace {

/// The status has the step, which has a column of its own while a run trains.
QString stateText(const RunRow& row) {
  return row.state == core::RunState::Training ? RunsModel::tr("training") : row.status;
}

}  // namespace

NumberTable runNumbers(const std::vector<RunRow>& rows) {
  NumberTable table;
  table.title = RunsModel::tr("Runs");
  table.columns = {RunsModel::tr("run"),     RunsModel::tr("study or set-up"),
                   RunsModel::tr("differs"), RunsModel::tr("state"),
                   RunsModel::tr("step"),    RunsModel::tr("test accuracy"),
                   RunsModel::tr("folder")};
  std::vector<RunRow> above;  // what the next row may stand in
  for (const RunRow& row : rows) {
    while (!above.empty() && above.back().depth >= row.depth)
      above.pop_back();
    if (row.canFold()) {
      above.push_back(row);
      continue;
    }
    QStringList heads;
    for (const RunRow& head : above)
      heads.append(head.name);
    using Value = NumberTable::Value;
    table.rows.push_back(
        {row.name, heads.join(QStringLiteral(", ")), row.difference, stateText(row),
         row.step ? Value(static_cast<qint64>(*row.step)) : Value(QString()),
         row.test_accuracy ? Value(*row.test_accuracy) : Value(QString()), row.folder});
  }
  return table;
}

}  // namespace anchorlens::widgets
