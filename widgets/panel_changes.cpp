// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_changes.h"

#include "widgets/number_format.h"
#include "widgets/styled_property.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace anchorlens::widgets {

ChangesPanel::ChangesPanel(QWidget* parent) : QWidget(parent) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 8, 0, 0);
  layout->setSpacing(8);
  const auto label = [this](const QString& text, const char* role) {
    auto* made = new QLabel(text, this);
    made->setProperty("role", role);
    made->setWordWrap(true);
    return made;
  };
  layout->addWidget(label(tr("From now on"), "title"));
  m_holding = label({}, "second");
  layout->addWidget(m_holding);
  const auto button = [this](const QString& text, const QString& tip) {
    auto* made = new QPushButton(text, this);
    made->setToolTip(tip);
    made->setAccessibleName(tr("%1 from now on").arg(text));
    made->setFocusPolicy(Qt::TabFocus);
    return made;
  };
  m_ablate = button(tr("Ablate"), tr("The head's output, before the output projection, stays 0 in "
                                     "training and in every view"));
  m_freeze = button(tr("Freeze"), tr("The head's own weights are not trained any further, not by "
                                     "weight decay either"));
  m_clamp = button(tr("Clamp"), tr("The head's attention is held at its mean over the probe at "
                                   "this moment"));
  m_release = button(tr("Release"), tr("Take back whatever holds of this head"));
  m_more = button(tr("More…"), tr("Learning rate, weight decay, mixture of the task's forms"));
  m_more->setAccessibleName(tr("More changes from now on"));
  auto* grid = new QGridLayout;
  grid->setSpacing(8);
  grid->addWidget(m_ablate, 0, 0);
  grid->addWidget(m_freeze, 0, 1);
  grid->addWidget(m_clamp, 1, 0);
  grid->addWidget(m_release, 1, 1);
  grid->addWidget(m_more, 2, 0, 1, 2);
  m_fork = button({}, tr("A run of its own from this step, with other settings (Ctrl+Shift+N)"));
  grid->addWidget(m_fork, 3, 0, 1, 2);
  layout->addLayout(grid);
  m_note = label({}, "caption");
  layout->addWidget(m_note);
  connect(m_ablate, &QPushButton::clicked, this, &ChangesPanel::ablateRequested);
  connect(m_freeze, &QPushButton::clicked, this, &ChangesPanel::freezeRequested);
  connect(m_clamp, &QPushButton::clicked, this, &ChangesPanel::clampRequested);
  connect(m_release, &QPushButton::clicked, this, &ChangesPanel::releaseRequested);
  connect(m_more, &QPushButton::clicked, this, &ChangesPanel::moreRequested);
  connect(m_fork, &QPushButton::clicked, this, &ChangesPanel::forkRequested);
  setForkStep({});
  setHolding({});
  setCan({}, {});
}

void ChangesPanel::setHolding(const QString& phrases) {
  const QString text = phrases.isEmpty() ? tr("Nothing is changed at this step.")
                                         : tr("At this step: %1.").arg(phrases);
  if (text == m_holding->text())
    return;  // told at every tick
  m_holding->setText(text);
  setStyled(*m_holding, "role",
            phrases.isEmpty() ? QStringLiteral("second") : QStringLiteral("warning"));
}

QString ChangesPanel::holding() const {
  return m_holding->text();
}

void ChangesPanel::setCan(const Can& can, const QString& why_not) {
  m_ablate->setEnabled(can.ablate);
  m_freeze->setEnabled(can.freeze);
  m_clamp->setEnabled(can.clamp);
  m_release->setEnabled(can.release);
  m_more->setEnabled(why_not.isEmpty());
  m_note->setText(why_not);
  m_note->setVisible(!why_not.isEmpty());
}

void ChangesPanel::setForkStep(const std::optional<std::int64_t>& step) {
  const QString text = step ? tr("Fork from step %1…").arg(formatInteger(*step)) : tr("Fork…");
  m_fork->setText(text);
  m_fork->setAccessibleName(text);
  m_fork->setEnabled(step.has_value());
}

QString ChangesPanel::note() const {
  return m_note->text();
}

}  // namespace anchorlens::widgets
