// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/dialog_foot.h"

#include <QDialog>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace anchorlens::app {

DialogFoot::DialogFoot(QDialog& dialog, QDialogButtonBox::StandardButton away)
    : QWidget(&dialog), m_problem(new QLabel(this)), m_buttons(new QDialogButtonBox(away, this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(8);
  m_problem->setProperty("role", "problem");
  m_problem->setWordWrap(true);
  layout->addWidget(m_problem);
  layout->addStretch(1);
  layout->addWidget(m_buttons);
  connect(m_buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::reject);
}

QPushButton* DialogFoot::addButton(const QString& text, QDialogButtonBox::ButtonRole role) {
  return m_buttons->addButton(text, role);
}

void DialogFoot::setProblem(const QString& problem) {
  m_problem->setText(problem);
  m_problem->setVisible(!problem.isEmpty());
}

QString DialogFoot::problem() const {
  return m_problem->text();
}

}  // namespace anchorlens::app
