// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/fork_dialog.h"

#include "app/anchorlens/dialog_foot.h"
#include "app/anchorlens/experiment_diff.h"
#include "engine/core/experiment_json.h"
#include "engine/core/step_schedule.h"
#include "engine/session/history.h"
#include "widgets/number_format.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <limits>
#include <utility>

namespace anchorlens::app {

namespace {

constexpr std::int64_t kLeastMore = 100;

int toInt(std::int64_t number) {
  return static_cast<int>(std::min<std::int64_t>(number, std::numeric_limits<int>::max()));
}

/// "1 500": thin spaces, as everywhere; typed with or without.
class StepBox : public QSpinBox {
 public:
  using QSpinBox::QSpinBox;

 protected:
  QString textFromValue(int value) const override { return widgets::formatInteger(value); }
  int valueFromText(const QString& text) const override { return digits(text).toInt(); }
  QValidator::State validate(QString& text, int& /*position*/) const override {
    bool is_number = false;
    const qlonglong value = digits(text).toLongLong(&is_number);
    if (digits(text).isEmpty())
      return QValidator::Intermediate;
    if (!is_number || value > maximum())
      return QValidator::Invalid;
    return value < minimum() ? QValidator::Intermediate : QValidator::Acceptable;
  }

 private:
  static QString digits(QString text) {
    return text.removeIf([](QChar c) { return c.isSpace(); });
  }
};

}  // namespace

std::int64_t forkEnd(const core::ExperimentSpec& spec, std::int64_t step) {
  const std::int64_t steps = core::totalSteps(spec);
  return steps > step ? steps : step + std::max(kLeastMore, step);
}

core::ExperimentSpec endingAt(core::ExperimentSpec spec, std::int64_t step) {
  if (core::totalSteps(spec) != step) {
    spec.training.steps = step;
    spec.training.epochs.reset();
  }
  return spec;
}

core::ExperimentSpec goingOn(core::ExperimentSpec spec, std::int64_t total_steps) {
  if (core::totalSteps(spec) == total_steps)
    return spec;
  spec.training.stop_when.reset();
  return endingAt(std::move(spec), total_steps);
}

ForkDialog::ForkDialog(Parent parent, std::int64_t step, core::ExperimentSpec draft,
                       QWidget* window)
    : QDialog(window), m_parent(std::move(parent)), m_draft(std::move(draft)) {
  setWindowTitle(tr("Fork %1").arg(m_parent.name));
  setAttribute(Qt::WA_DeleteOnClose);
  build();
  m_step->setRange(toInt(m_parent.first_step), toInt(m_parent.last_step));
  m_step->setValue(toInt(step));
  settingsChosen();
  resize(460, sizeHint().height());
}

void ForkDialog::build() {
  auto* layout = new QVBoxLayout(this);
  layout->setSpacing(8);
  auto* form = new QFormLayout;
  m_step = new StepBox(this);
  m_step->setAccessibleName(tr("Step to fork at"));
  m_where = new QLabel(this);
  m_where->setProperty("role", "caption");
  m_where->setWordWrap(true);
  m_settings = new QComboBox(this);
  m_settings->setAccessibleName(tr("Settings"));
  m_settings->addItem(tr("Those of %1").arg(m_parent.name));
  m_settings->addItem(tr("Those of the draft"));
  m_differences = new QListWidget(this);
  m_differences->setAccessibleName(tr("What differs from %1").arg(m_parent.name));
  m_differences->setWordWrap(true);
  m_differences->setFixedHeight(84);
  m_end = new StepBox(this);
  m_end->setAccessibleName(tr("Last step"));
  m_end->setRange(1, std::numeric_limits<int>::max());
  m_changes = new QLineEdit(this);
  m_changes->setAccessibleName(tr("Changes from there on"));
  m_changes->setPlaceholderText(tr("none; or lr x0.5; ablate 1.0; freeze 0.0"));
  form->addRow(tr("&At step"), m_step);
  form->addRow(QString(), m_where);
  form->addRow(tr("&Settings"), m_settings);
  form->addRow(tr("Differences"), m_differences);
  form->addRow(tr("&Last step"), m_end);
  form->addRow(tr("From there &on"), m_changes);
  layout->addLayout(form);
  m_foot = new DialogFoot(*this, QDialogButtonBox::Cancel);
  m_fork = m_foot->addButton(tr("Fork and train"), QDialogButtonBox::AcceptRole);
  m_fork->setDefault(true);
  layout->addWidget(m_foot, 1);
  connect(m_step, &QSpinBox::valueChanged, this, &ForkDialog::check);
  connect(m_end, &QSpinBox::valueChanged, this, &ForkDialog::check);
  connect(m_changes, &QLineEdit::textChanged, this, &ForkDialog::check);
  connect(m_settings, &QComboBox::currentIndexChanged, this, &ForkDialog::settingsChosen);
  connect(m_foot->buttons(), &QDialogButtonBox::accepted, this, [this] {
    emit asked(m_step->value(), spec(), m_wanted);
    accept();
  });
}

core::ExperimentSpec ForkDialog::spec() const {
  return endingAt(m_settings->currentIndex() == OfDraft ? m_draft : m_parent.spec, m_end->value());
}

void ForkDialog::settingsChosen() {
  const bool is_draft = m_settings->currentIndex() == OfDraft;
  m_end->setValue(toInt(forkEnd(is_draft ? m_draft : m_parent.spec, m_step->value())));
  check();
}

/// What is known before it is tried: the engine replays what it can in half a minute.
QString ForkDialog::whereText() const {
  const std::int64_t step = m_step->value();
  const auto& checkpoints = m_parent.checkpoints;
  const auto after = std::upper_bound(checkpoints.begin(), checkpoints.end(), step);
  if (after == checkpoints.begin())
    return tr("There is no checkpoint at or before it: training is replayed from step %1.")
        .arg(widgets::formatInteger(m_parent.first_step));
  const std::int64_t nearest = *std::prev(after);
  if (nearest == step && m_parent.is_foreign)
    return tr("The checkpoint of this step, without optimiser state: the moments begin at 0.");
  if (m_parent.is_foreign)
    return tr("Its nearest checkpoint before is of step %1: the fork begins there.")
        .arg(widgets::formatInteger(nearest));
  return tr("%1 The fork begins at exactly this step if it can be replayed from a state with "
            "optimiser within 30 s; else at the nearest one before, which is then said.")
      .arg(nearest == step ? tr("There is a checkpoint of this step.")
                           : tr("The nearest checkpoint before it is of step %1.")
                                 .arg(widgets::formatInteger(nearest)));
}

/// Why the typed changes cannot be; empty when they can, and are in m_wanted.
QString ForkDialog::readChanges() {
  m_wanted.clear();
  std::vector<core::Intervention> typed;
  for (const QString& part : m_changes->text().split(QLatin1Char(';'), Qt::SkipEmptyParts)) {
    if (part.trimmed().isEmpty())
      continue;
    auto change = core::parseInterventionAt(part.trimmed().toStdString());
    if (!change)
      return QString::fromStdString(change.error());
    typed.push_back(std::move(*change));
  }
  // As they will be made, whatever the order they were typed in.
  std::stable_sort(typed.begin(), typed.end(),
                   [](const auto& a, const auto& b) { return a.step < b.step; });
  const core::ExperimentSpec fork = spec();
  engine::History history =
      engine::inherited(m_parent.interventions, m_step->value(), m_parent.spec, fork);
  for (const core::Intervention& change : typed) {
    core::Intervention made = change;
    made.step = std::max<std::int64_t>(made.step, m_step->value());
    auto why = core::whyNotPossible(change, fork);
    if (!why)
      why = core::whyNothingChanges(made, core::inEffect(history, made.step + 1));
    if (!why && change.step != core::kNow && change.step < m_step->value())
      why = "The fork begins at step " + std::to_string(m_step->value()) + ".";
    if (!why && made.step >= m_end->value())
      why = "The fork ends at step " + std::to_string(m_end->value()) + ".";
    if (why)
      return QString::fromStdString(*why);
    history.push_back(std::move(made));
  }
  m_wanted = std::move(typed);
  return {};
}

void ForkDialog::check() {
  m_where->setText(whereText());
  const core::ExperimentSpec fork = spec();
  m_differences->clear();
  m_differences->addItems(experimentDifferences(m_parent.spec, fork));
  const std::string held = core::inEffectText(core::inEffect(
      engine::inherited(m_parent.interventions, m_step->value(), m_parent.spec, fork),
      m_step->value()));
  if (!held.empty())
    m_differences->addItem(
        tr("Held as in %1: %2").arg(m_parent.name, QString::fromStdString(held)));
  if (m_differences->count() == 0) {
    auto* nothing = new QListWidgetItem(tr("Nothing differs."), m_differences);
    nothing->setFlags(Qt::NoItemFlags);
  }
  QString problem;
  if (m_end->value() <= m_step->value())
    problem = tr("The fork begins at step %1: its last step must come after it.")
                  .arg(widgets::formatInteger(m_step->value()));
  else if (!(fork.model == m_parent.spec.model))
    problem = tr("The draft's model is another one: a fork keeps its parent's model.");
  else if (m_settings->currentIndex() == OfDraft && !core::checkExperiment(fork).empty())
    problem = tr("The draft has a problem: %1")
                  .arg(QString::fromStdString(core::checkExperiment(fork).front().message));
  else
    problem = readChanges();
  m_foot->setProblem(problem);
  m_fork->setEnabled(problem.isEmpty());
}

QString ForkDialog::note() const {
  return m_where->text();
}

QString ForkDialog::problem() const {
  return m_foot->problem();
}

}  // namespace anchorlens::app
