// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/vary_dialog.h"

#include "app/anchorlens/places.h"
#include "engine/core/store/checkpoint.h"
#include "widgets/study_axis_row.h"

#include <QApplication>
#include <QClipboard>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSpinBox>
#include <QTableView>
#include <QThread>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace anchorlens::app {

namespace {

constexpr int kDelayMs = 150;  ///< after the last key press

/// A path as one word of a shell command.
QString shellWord(const QString& text) {
  static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_./=:,@%+-]+$"));
  if (plain.match(text).hasMatch())
    return text;
  QString quoted = text;
  quoted.replace(QLatin1Char('\''), QStringLiteral("'\\''"));
  return '\'' + quoted + '\'';
}

/// Where the runs of a study file go: beside it.
QString folderOf(const QString& file) {
  const QFileInfo info(file);
  const QString folder = info.path() + '/' + info.completeBaseName();
  return folder == file ? folder + QStringLiteral("-runs") : folder;
}

}  // namespace

VaryDialog::VaryDialog(const core::ExperimentSpec& base, widgets::StudyForm::Start start,
                       std::optional<double> steps_per_second, Dialogs& dialogs, QWidget* parent)
    : QDialog(parent),
      m_base(base),
      m_steps_per_second(steps_per_second),
      m_dialogs(dialogs),
      m_planner(QStringLiteral("study planner")) {
  setWindowTitle(start == widgets::StudyForm::Start::Seeds ? tr("Repeat with seeds") : tr("Vary"));
  m_form = new widgets::StudyForm(base, start, this);
  build();
  m_delay.setSingleShot(true);
  m_delay.setInterval(kDelayMs);
  connect(&m_delay, &QTimer::timeout, this, &VaryDialog::ask);
  connect(m_form, &widgets::StudyForm::changed, this, [this] {
    m_is_waiting = true;
    m_stop.request_stop();
    m_file.clear();
    m_save->setEnabled(false);
    showCommand();
    m_delay.start();
  });
  connect(m_planner.worker(), &StudyPlanner::planned, this, &VaryDialog::take);
  ask();
}

VaryDialog::~VaryDialog() {
  m_stop.request_stop();
}

void VaryDialog::build() {
  m_model = new widgets::StudyRunsModel(this);
  m_runs = new QTableView(this);
  m_runs->setModel(m_model);
  m_runs->setAccessibleName(tr("Runs of the study"));
  m_runs->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_runs->setShowGrid(false);
  m_runs->setTabKeyNavigation(false);
  m_runs->verticalHeader()->hide();
  m_runs->horizontalHeader()->setHighlightSections(false);
  m_runs->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  m_runs->horizontalHeader()->setSectionResizeMode(widgets::StudyRunsModel::Differences,
                                                   QHeaderView::Stretch);
  m_summary = new QLabel(this);
  m_summary->setProperty("role", "title");
  m_summary->setWordWrap(true);
  m_message = new QLabel(this);
  m_message->setWordWrap(true);
  m_message->setProperty("role", "problem");
  m_message->hide();

  m_save = new QPushButton(tr("Save study…"), this);
  m_save->setProperty("role", "primary");
  m_save->setAutoDefault(false);  // Enter in a field writes nothing
  auto* close = new QPushButton(tr("Close"), this);
  close->setAutoDefault(false);
  auto* buttons = new QHBoxLayout;
  buttons->addStretch(1);
  buttons->addWidget(close);
  buttons->addWidget(m_save);

  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(18, 14, 18, 14);
  layout->setSpacing(12);
  layout->addWidget(m_form);
  layout->addWidget(m_summary);
  layout->addWidget(m_runs, 1);
  layout->addWidget(buildCommand());
  layout->addWidget(m_message);
  layout->addLayout(buttons);
  connect(m_save, &QPushButton::clicked, this, &VaryDialog::save);
  connect(close, &QPushButton::clicked, this, &QDialog::close);
  setMinimumWidth(110 * fontMetrics().averageCharWidth());  // an axis stands in one row
  resize(std::max(820, minimumWidth()), 620);
}

QWidget* VaryDialog::buildCommand() {
  auto* box = new QWidget(this);
  m_jobs = new QSpinBox(box);
  m_jobs->setRange(1, 4096);
  m_jobs->setValue(QThread::idealThreadCount());
  m_jobs->setAccessibleName(tr("Runs at once"));
  auto* label = new QLabel(tr("Runs at once"), box);
  label->setBuddy(m_jobs);
  m_command = new QLineEdit(box);
  m_command->setReadOnly(true);
  m_command->setProperty("role", "mono");
  m_command->setAccessibleName(tr("Command that trains the study"));
  m_command->setPlaceholderText(tr("Save the study to get the command that trains it"));
  m_copy = new QPushButton(tr("Copy"), box);
  m_copy->setAutoDefault(false);
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  row->addWidget(label);
  row->addWidget(m_jobs);
  row->addWidget(m_command, 1);
  row->addWidget(m_copy);
  connect(m_copy, &QPushButton::clicked, this,
          [this] { QApplication::clipboard()->setText(m_command->text()); });
  connect(m_jobs, &QSpinBox::valueChanged, this, [this] {
    showSummary();
    showCommand();
  });
  showCommand();
  return box;
}

void VaryDialog::ask() {
  StudyPlanner::Answer typed;
  const core::StudySpec study = m_form->study(typed.errors);
  typed.number = ++m_number;
  m_stop.request_stop();
  m_stop = std::stop_source();
  m_is_waiting = true;
  if (!typed.errors.empty()) {
    take(typed);
    return;
  }
  m_planner.post([question = StudyPlanner::Question{m_number, study, m_stop.get_token()}](
                     StudyPlanner& planner) { planner.plan(question); });
}

void VaryDialog::take(const StudyPlanner::Answer& answer) {
  if (answer.number != m_number || m_delay.isActive())
    return;  // of an earlier text
  m_is_waiting = false;
  m_study = answer.study;
  m_form->showErrors(answer.errors);
  m_model->setStudy(m_study, m_steps_per_second);
  m_save->setEnabled(m_study != nullptr);
  showSummary();
}

void VaryDialog::showSummary() {
  m_summary->setText(m_study ? widgets::studySummary(*m_study, m_steps_per_second, m_jobs->value())
                             : tr("No runs yet"));
}

void VaryDialog::showCommand() {
  m_command->setText(m_file.isEmpty() ? QString()
                                      : QStringLiteral("anchorctl sweep %1 --out %2 --jobs %3")
                                            .arg(shellWord(m_file), shellWord(folderOf(m_file)),
                                                 QString::number(m_jobs->value())));
  m_command->setCursorPosition(0);
  m_copy->setEnabled(!m_file.isEmpty());
}

void VaryDialog::save() {
  if (!m_study)
    return;
  const QString name = QString::fromStdString(m_study->plan.study.name);
  const QString file =
      m_dialogs.askFile(this, tr("Save study"), name + QStringLiteral("-study.json"),
                        QStringLiteral("json"), tr("Studies (*.json)"));
  if (file.isEmpty())
    return;
  const auto written =
      core::writeFileAtomically(toPath(file), core::writeStudy(m_study->plan.study));
  m_message->setVisible(!written);
  if (!written) {
    m_message->setText(QString::fromStdString(written.error().text()));
    return;
  }
  m_file = file;
  showCommand();
  m_copy->setFocus(Qt::OtherFocusReason);
  emit saved(file);
}

QString VaryDialog::summary() const {
  return m_summary->text();
}

QString VaryDialog::command() const {
  return m_command->text();
}

}  // namespace anchorlens::app
