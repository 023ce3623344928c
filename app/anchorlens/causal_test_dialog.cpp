// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/causal_test_dialog.h"

#include "app/anchorlens/causal_series.h"
#include "app/anchorlens/causal_view.h"
#include "app/anchorlens/export/causal_tables.h"
#include "app/anchorlens/export/export_kind.h"
#include "app/anchorlens/places.h"
#include "widgets/number_format.h"

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace anchorlens::app {

namespace {

constexpr QSize kSize{1000, 660};

QString placeText(const CausalSubject& subject) {
  const QString step = widgets::formatInteger(subject.place.step);
  const QString where = CausalTestDialog::tr("%1, step %2").arg(subject.run, step);
  if (subject.checkpoint == subject.place.step)
    return CausalTestDialog::tr("%1: weights of its checkpoint").arg(where);
  return CausalTestDialog::tr(
             "%1 has no checkpoint: its weights are trained again, exactly, from "
             "step %2; where that takes too long, step %2 is tested")
      .arg(where, widgets::formatInteger(subject.checkpoint));
}

QString commandOf(const CausalSubject& subject, const engine::CausalRequest& request) {
  QStringList words{QStringLiteral("anchorctl"), QStringLiteral("intervene"),
                    quoted(toText(subject.place.run)), QStringLiteral("--at"),
                    QString::number(subject.place.step)};
  for (const std::string& word : engine::interveneWords(request))
    words << quoted(QString::fromStdString(word));
  return words.join(QLatin1Char(' '));
}

}  // namespace

CausalTestDialog::CausalTestDialog(QWidget* parent) : QDialog(parent) {
  setWindowTitle(tr("Causal test"));
  build();
  showState();
  resize(kSize);
}

void CausalTestDialog::build() {
  m_place = new QLabel(this);
  m_place->setWordWrap(true);
  m_form = new CausalForm(this);
  m_command = new QLineEdit(this);
  m_command->setReadOnly(true);
  m_command->setProperty("role", "mono");
  m_command->setAccessibleName(tr("Command that makes the same test"));
  m_copy = new QPushButton(tr("Copy &command"), this);
  m_copy->setAutoDefault(false);
  auto* command = new QHBoxLayout;
  command->setSpacing(8);
  command->addWidget(m_command, 1);
  command->addWidget(m_copy);
  m_test = new QPushButton(tr("&Test"), this);
  m_test->setProperty("role", "primary");
  m_test->setDefault(true);
  m_reason = new QLabel(this);
  m_reason->setProperty("role", "second");
  m_reason->setWordWrap(true);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  row->addWidget(m_test);
  row->addWidget(m_reason, 1);
  auto* title = new QLabel(tr("Tests that the run keeps"), this);
  title->setProperty("role", "title");
  m_view = new CausalView(
      title->text(),
      tr("Control: as many other heads, or other edges of like attention. Only these: all others "
         "are taken away. Right unfolds the groups of a test, T opens all numbers as a table."),
      this);
  m_cancel = new QPushButton(tr("Cancel"), this);
  auto* close = new QPushButton(tr("Close"), this);
  for (QPushButton* button : {m_cancel, close}) {
    button->setAutoDefault(false);
    m_view->addButton(button);
  }
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(18, 14, 18, 14);
  layout->setSpacing(12);
  layout->addWidget(m_place);
  layout->addWidget(m_form);
  layout->addLayout(command);
  layout->addLayout(row);
  layout->addWidget(title);
  layout->addWidget(m_view, 1);
  connect(m_form, &CausalForm::changed, this, &CausalTestDialog::showState);
  connect(m_copy, &QPushButton::clicked, this,
          [this] { QApplication::clipboard()->setText(m_command->text()); });
  connect(m_test, &QPushButton::clicked, this, [this] { emit asked(m_form->request()); });
  connect(m_cancel, &QPushButton::clicked, this, &CausalTestDialog::cancel);
  connect(close, &QPushButton::clicked, this, &QDialog::close);
}

void CausalTestDialog::setSubject(const CausalSubject& subject) {
  const bool is_other = !m_subject || m_subject->place.run != subject.place.run;
  m_subject = subject;
  m_why_not.clear();
  showState();
  if (!is_other)
    return;
  m_unkept.clear();
  m_view->setTests({}, {});
  if (!isRunning())
    m_view->setMessage({}, false);
  emit keptWanted();
}

void CausalTestDialog::setNoSubject(const QString& why) {
  m_subject.reset();
  m_why_not = why;
  m_view->setTests({}, {});
  showState();
}

void CausalTestDialog::setKept(std::vector<engine::CausalRecord> records,
                               const std::vector<core::GroupInfo>& groups) {
  if (!m_subject)
    return;
  m_groups = groups;
  addTests(records, m_unkept);
  m_view->setTests(std::move(records), groups);
}

void CausalTestDialog::showState() {
  m_place->setText(m_subject ? placeText(*m_subject) : m_why_not);
  const QString problem = m_subject ? m_form->problem() : m_why_not;
  const bool can_ask = m_subject && problem.isEmpty();
  m_command->setText(can_ask ? commandOf(*m_subject, m_form->request()) : QString());
  m_command->setCursorPosition(0);
  m_copy->setEnabled(can_ask);
  const QString reason = isRunning() ? tr("Testing…") : problem;
  m_test->setEnabled(m_subject && reason.isEmpty());
  m_test->setToolTip(reason);
  m_test->setAccessibleDescription(reason);
  // A field that is wrong says it itself.
  m_reason->setText(reason == m_form->fieldProblem() ? QString() : reason);
  m_cancel->setVisible(isRunning());
}

void CausalTestDialog::begin() {
  m_running = m_subject;
  m_view->begin();
  const bool had_focus = focusWidget() == m_test;
  showState();
  if (had_focus)
    m_cancel->setFocus(Qt::OtherFocusReason);
}

void CausalTestDialog::addRecords(const std::vector<engine::CausalRecord>& records) {
  if (!m_subject || !m_running || m_subject->place.run != m_running->place.run)
    return;  // of a run that is not shown any more
  auto tests = m_view->tests();
  addTests(tests, records);
  m_view->setTests(std::move(tests), m_groups);
}

void CausalTestDialog::setProgress(const std::vector<engine::CausalRecord>& records, int total) {
  m_view->setProgress(static_cast<int>(records.size()), total);
  addRecords(records);
}

void CausalTestDialog::finish(const std::vector<engine::CausalRecord>& records,
                              const QString& problem, const QString& not_kept) {
  if (!isRunning())
    return;
  addRecords(records);
  QString message = CausalSeries::problemText(records, problem, not_kept);
  if (!records.empty() && problem.isEmpty()) {
    const std::int64_t step = records.front().result.step;
    message = step == m_running->place.step
                  ? tr("Tested at step %1 of %2").arg(widgets::formatInteger(step), m_running->run)
                  : tr("Step %1 is too far from a checkpoint: this is step %2 of %3")
                        .arg(widgets::formatInteger(m_running->place.step),
                             widgets::formatInteger(step), m_running->run);
    message += not_kept.isEmpty() ? tr(", kept in the run.")
                                  : tr(". The result is not kept in the run: %1").arg(not_kept);
  }
  if (!records.empty()) {
    if (!not_kept.isEmpty() && m_subject && m_subject->place.run == m_running->place.run)
      addTests(m_unkept, records);
    const auto& tests = m_view->tests();
    const auto made = std::find(tests.begin(), tests.end(), records.front());
    if (made != tests.end())
      m_view->showTest(static_cast<int>(made - tests.begin()));
  }
  const bool had_focus = focusWidget() == m_cancel;
  m_running.reset();
  m_view->end();
  m_view->setMessage(message, !problem.isEmpty() || !not_kept.isEmpty());
  showState();
  if (had_focus)
    m_view->tree()->setFocus(Qt::OtherFocusReason);
}

void CausalTestDialog::cancel() {
  if (!isRunning())
    return;
  emit cancelled();
  finish({}, {}, {});
  m_view->setMessage(tr("Cancelled. What was tested is kept in the run."), false);
  emit keptWanted();
}

QString CausalTestDialog::command() const {
  return m_command->text();
}

QString CausalTestDialog::reason() const {
  return m_test->toolTip();
}

QString CausalTestDialog::place() const {
  return m_place->text();
}

bool CausalTestDialog::event(QEvent* event) {
  if (event->type() == QEvent::WindowActivate && m_subject && !isRunning())
    emit keptWanted();
  return QDialog::event(event);
}

void CausalTestDialog::done(int result) {
  cancel();
  QDialog::done(result);
}

}  // namespace anchorlens::app
