// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/step_list.h"

#include "app/anchorlens/export/export_text.h"

#include <QRegularExpression>
#include <QStringList>

namespace anchorlens::app {

core::Expected<std::vector<std::int64_t>, QString> readStepList(const QString& text) {
  static const QRegularExpression separators(QStringLiteral("[,;\\s]+"));
  std::vector<std::int64_t> steps;
  for (const QString& word : text.split(separators, Qt::SkipEmptyParts)) {
    bool is_number = false;
    const qlonglong step = word.toLongLong(&is_number);
    if (!is_number || step < 0)
      return core::Unexpected(
          tr("“%1” is no step: a step is a whole number from 0, such as 1000, 6800.").arg(word));
    steps.push_back(step);
  }
  return steps;
}

}  // namespace anchorlens::app
