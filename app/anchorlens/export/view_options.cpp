// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/view_options.h"

namespace anchorlens::app {

QString ViewOptions::problem(const QString& view) const {
  QStringList lines;
  for (const auto& [option, views] : m_options) {
    if (option->count() > 0 && !views.contains(view))
      lines << QStringLiteral("%1: --view %2 does not have it; it is of %3")
                   .arg(QString::fromStdString(option->get_name()), view,
                        views.join(QStringLiteral(", ")));
  }
  return lines.join(QLatin1Char('\n'));
}

}  // namespace anchorlens::app
