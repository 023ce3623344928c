// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/anchors_card.h"

#include <QLabel>
#include <QStringList>
#include <QVBoxLayout>

namespace anchorlens::widgets {

AnchorsCard::AnchorsCard(QWidget* parent) : ComposerCard(tr("Anchors"), parent) {
  m_list = new QLabel(this);
  m_list->setWordWrap(true);
  m_list->setTextFormat(Qt::PlainText);
  body()->addWidget(m_list);
}

void AnchorsCard::setExperiment(const core::ExperimentSpec& experiment, bool) {
  QStringList lines;
  for (const core::AnchorSpec& anchor : experiment.task.anchors)
    lines.append(
        QStringLiteral("%1   %2").arg(anchor.token).arg(QString::fromStdString(anchor.operation)));
  if (lines.isEmpty())
    lines.append(tr("None: tokens written in the pattern need no row."));
  m_list->setText(lines.join(QLatin1Char('\n')));
}

}  // namespace anchorlens::widgets
