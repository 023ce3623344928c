// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/held_out_card.h"

#include "widgets/panel_text.h"

#include <QLabel>
#include <QStringList>
#include <QVBoxLayout>

#include <variant>

namespace anchorlens::widgets {

namespace {

QString heldOutRuleText(const core::HeldOutRule& rule) {
  if (const auto* residue = std::get_if<core::ResidueRule>(&rule)) {
    return HeldOutCard::tr("(%1 − position) mod %2 is %3")
        .arg(QString::fromStdString(residue->key))
        .arg(residue->modulus)
        .arg(residue->remainder);
  }
  if (const auto* keys = std::get_if<core::KeysRule>(&rule))
    return HeldOutCard::tr("anchor %1 with keys %2")
        .arg(keys->anchor)
        .arg(formatIntervals(keys->intervals));
  if (const auto* predicate = std::get_if<core::PredicateRule>(&rule))
    return HeldOutCard::tr("%1 is 0").arg(QString::fromStdString(predicate->expression));
  if (const auto* anchors = std::get_if<core::AnchorsRule>(&rule))
    return formatValues(anchors->values);
  return HeldOutCard::tr("length %1").arg(formatIntegers(std::get<core::LengthRule>(rule).lengths));
}

}  // namespace

HeldOutCard::HeldOutCard(QWidget* parent) : ComposerCard(tr("Held out for test"), parent) {
  m_list = new QLabel(this);
  m_list->setWordWrap(true);
  m_list->setTextFormat(Qt::PlainText);
  body()->addWidget(m_list);
}

void HeldOutCard::setExperiment(const core::ExperimentSpec& experiment, bool) {
  QStringList lines;
  for (const core::HeldOutRule& rule : experiment.task.held_out)
    lines.append(heldOutRuleText(rule));
  if (lines.isEmpty())
    lines.append(tr("Nothing is held out: there is no test accuracy."));
  m_list->setText(lines.join(QLatin1Char('\n')));
}

}  // namespace anchorlens::widgets
