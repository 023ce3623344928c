// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/probe_box.h"

#include "widgets/head_map_data.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QSignalBlocker>

namespace anchorlens::widgets {

namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("ProbeBox", text);
}

}  // namespace

void fillProbeBox(QComboBox& box, const ProbeContext* probe, int mean_of) {
  const QSignalBlocker blocker(&box);
  box.clear();
  const int n = probe != nullptr ? static_cast<int>(probe->shown.size()) : 0;
  for (int i = 0; i < n; ++i) {
    box.addItem(tr("Sequence %1 of %2").arg(i + 1).arg(n), i);
    QStringList tokens;
    for (const TokenText& token : tokensOf(*probe, i)) {
      tokens << token.text;
    }
    box.setItemData(i, tokens.join(' '), Qt::ToolTipRole);
  }
  if (mean_of > 0) {
    box.addItem(tr("Mean of %1").arg(mean_of), kProbeMean);
  }
  box.setEnabled(box.count() > 0);
}

}  // namespace anchorlens::widgets
