// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/panel_runs_model.h"

#include <QString>

#include <vector>

namespace anchorlens::tests {

/// One line a row: kind, name, status, accuracy, difference.
inline QString rowsText(const std::vector<widgets::RunRow>& rows) {
  QString lines;
  for (const widgets::RunRow& row : rows) {
    lines +=
        QStringLiteral("%1%2 | %3 | %4 | %5\n")
            .arg(QString(2 * row.depth, ' ') + (row.canFold() ? (row.is_folded ? "> " : "v ")
                                                : row.kind == widgets::RunRow::Kind::Member ? "- "
                                                                                            : ""),
                 row.name, row.status,
                 row.test_accuracy ? QString::number(*row.test_accuracy) : QString("-"),
                 row.difference);
  }
  return lines;
}

}  // namespace anchorlens::tests
