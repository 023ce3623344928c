// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/change_dialog.h"

#include "app/anchorlens/dialog_foot.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace anchorlens::app {

namespace {

enum Row { LearningRate, WeightDecay, Mixture };

}  // namespace

ChangeDialog::ChangeDialog(QWidget* parent) : QDialog(parent) {
  setWindowTitle(tr("From now on"));
  build();
  resize(420, sizeHint().height());
}

void ChangeDialog::build() {
  auto* layout = new QVBoxLayout(this);
  layout->setSpacing(8);
  m_title = new QLabel(this);
  m_title->setWordWrap(true);
  layout->addWidget(m_title);
  auto* form = new QFormLayout;
  m_kind = new QComboBox(this);
  m_kind->addItems({tr("Learning rate"), tr("Weight decay"), tr("Mixture of the task's forms")});
  m_kind->setAccessibleName(tr("What is changed"));
  m_usual = new QLabel(this);
  m_usual->setProperty("role", "second");
  m_usual->setWordWrap(true);
  m_value = new QLineEdit(this);
  m_value->setAccessibleName(tr("From now on"));
  form->addRow(tr("&Change"), m_kind);
  form->addRow(tr("Now"), m_usual);
  form->addRow(tr("&From now on"), m_value);
  layout->addLayout(form);
  m_foot = new DialogFoot(*this, QDialogButtonBox::Close);
  m_restore = m_foot->addButton(tr("Back to the experiment's"), QDialogButtonBox::ActionRole);
  m_change = m_foot->addButton(tr("Change from now on"), QDialogButtonBox::ActionRole);
  m_change->setDefault(true);
  layout->addWidget(m_foot, 1);
  connect(m_kind, &QComboBox::currentIndexChanged, this, &ChangeDialog::showKind);
  connect(m_value, &QLineEdit::textChanged, this, &ChangeDialog::check);
  connect(m_change, &QPushButton::clicked, this, &ChangeDialog::change);
  connect(m_restore, &QPushButton::clicked, this, &ChangeDialog::restore);
}

void ChangeDialog::setRun(const QString& name, const core::ExperimentSpec& spec,
                          const core::InEffect& now) {
  m_title->setText(
      tr("It acts at the next step of %1, is written to its history and made again when the run is "
         "continued.")
          .arg(name));
  m_spec = spec;
  m_now = now;
  showKind();
}

void ChangeDialog::setProblem(const QString& why_not) {
  m_why_not = why_not;
  check();
}

std::string ChangeDialog::word() const {
  switch (m_kind->currentIndex()) {
    case LearningRate:
      return "lr";
    case WeightDecay:
      return "weight_decay";
    default:
      return "mixture";
  }
}

void ChangeDialog::showKind() {
  const auto number = [](double usual, const core::InEffect::Number& now) {
    if (now.value)
      return QString::number(*now.value);
    return now.factor == 1 ? QString::number(usual)
                           : QStringLiteral("%1 × %2").arg(usual).arg(now.factor);
  };
  QString usual;
  switch (m_kind->currentIndex()) {
    case LearningRate:
      usual = number(m_spec.training.learning_rate, m_now.learning_rate);
      if (!m_now.learning_rate.value && m_spec.training.schedule != core::ScheduleSpec{})
        usual = tr("%1 at the peak of its schedule").arg(usual);
      m_value->setPlaceholderText(tr("1e-4, or x0.5 for half of it"));
      break;
    case WeightDecay:
      usual = number(m_spec.training.weight_decay, m_now.weight_decay);
      m_value->setPlaceholderText(tr("0.1, or x0.5 for half of it"));
      break;
    default: {
      QStringList weights;
      for (std::size_t i = 0; i < m_spec.task.forms.size(); ++i) {
        const double weight =
            m_now.mixture.empty() ? m_spec.task.forms[i].weight : m_now.mixture[i];
        weights.append(
            tr("%1 of %2").arg(weight).arg(QString::fromStdString(m_spec.task.forms[i].pattern)));
      }
      usual = weights.join(QLatin1Char('\n'));
      m_value->setPlaceholderText(tr("a weight for each form: 1,3"));
    }
  }
  m_usual->setText(usual);
  check();
}

void ChangeDialog::check() {
  m_wanted.reset();
  const auto text_of = [](const std::string& message) { return QString::fromStdString(message); };
  const auto release = core::parseIntervention("release " + word());
  m_restore->setEnabled(m_why_not.isEmpty() && release &&
                        !core::whyNothingChanges(*release, m_now));
  QString problem = m_why_not;
  const QString typed = m_value->text().simplified().remove(QLatin1Char(' '));
  if (problem.isEmpty() && !typed.isEmpty()) {
    auto change = core::parseIntervention(word() + " " + typed.toStdString());
    auto why = change ? core::whyNotPossible(*change, m_spec) : std::optional(change.error());
    if (change && !why)
      why = core::whyNothingChanges(*change, m_now);
    if (why)
      problem = text_of(*why);
    else
      m_wanted = std::move(*change);
  }
  if (problem.isEmpty() && m_kind->currentIndex() == Mixture && m_spec.task.forms.size() < 2)
    problem = tr("The task has one form: there is nothing to mix.");
  m_foot->setProblem(problem);
  m_change->setEnabled(m_wanted.has_value());
}

void ChangeDialog::change() {
  if (m_wanted)
    emit asked(*m_wanted);
  m_value->clear();
}

void ChangeDialog::restore() {
  if (auto release = core::parseIntervention("release " + word()))
    emit asked(*release);
}

QString ChangeDialog::problem() const {
  return m_foot->problem();
}

QString ChangeDialog::usual() const {
  return m_usual->text();
}

}  // namespace anchorlens::app
