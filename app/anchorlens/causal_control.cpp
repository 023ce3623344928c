// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/causal_control.h"

#include "app/anchorlens/causal_dialog.h"
#include "app/anchorlens/causal_test_dialog.h"
#include "app/anchorlens/controller.h"
#include "app/anchorlens/head_picker.h"
#include "widgets/number_format.h"

#include <QComboBox>
#include <QLineEdit>

#include <algorithm>

namespace anchorlens::app {

namespace {

using Records = std::vector<engine::CausalRecord>;

CausalForm::Labels labelsOf(const core::ModelSpec& model, const core::Frame& frame) {
  CausalForm::Labels labels;
  for (std::size_t i = 0; i < engine::labelNames().size(); ++i)
    labels.push_back(engine::headsLabelled(model, frame.scores, static_cast<core::Label>(i)));
  return labels;
}

/// The newest at or before `step`; a run has one at its first step.
std::int64_t checkpointBefore(const std::vector<std::int64_t>& checkpoints, std::int64_t step) {
  const auto after = std::upper_bound(checkpoints.begin(), checkpoints.end(), step);
  return after == checkpoints.begin() ? checkpoints.front() : *std::prev(after);
}

}  // namespace

CausalControl::CausalControl(Controller& controller, QWidget& window)
    : QObject(&window),
      m_controller(controller),
      m_window(window),
      m_all(controller.snapshots(), QStringLiteral("all heads")),
      m_asked(controller.snapshots(), QStringLiteral("causal test")) {}

CausalDialog* CausalControl::allHeads() const {
  return m_all_heads;
}

CausalTestDialog* CausalControl::dialog() const {
  return m_dialog;
}

void CausalControl::testAll() {
  const auto place = m_controller.shownPlace();
  if (!place)
    return;
  if (m_all_heads == nullptr) {
    m_all_heads = new CausalDialog(&m_window);
    connect(&m_all, &CausalSeries::progressed, m_all_heads, &CausalDialog::setProgress);
    connect(&m_all, &CausalSeries::finished, m_all_heads,
            [this](const Records& records, const QString& problem, const QString& not_kept) {
              const QString message = CausalSeries::problemText(records, problem, not_kept);
              m_all_heads->finish(records, message, !message.isEmpty());
            });
    connect(m_all_heads, &CausalDialog::cancelled, this, [this] {
      m_all.cancel();
      m_all_heads->finish({}, tr("Cancelled. What was tested is kept in the run."), false);
    });
  }
  const RunRecord& run = *m_controller.shownRun();
  m_all_heads->begin(
      tr("%1, step %2").arg(run.name(), widgets::formatInteger(place->step)),
      run.facts().task ? run.facts().task->groups() : std::vector<core::GroupInfo>());
  m_all_heads->show();
  m_all_heads->raise();
  m_all_heads->activateWindow();
  engine::CausalRequest request;
  request.test_all = true;
  m_all.start(*place, request);
}

void CausalControl::makeDialog() {
  m_dialog = new CausalTestDialog(&m_window);
  connect(&m_asked, &CausalSeries::progressed, m_dialog, &CausalTestDialog::setProgress);
  connect(&m_asked, &CausalSeries::finished, m_dialog, &CausalTestDialog::finish);
  connect(m_dialog, &CausalTestDialog::cancelled, this, [this] { m_asked.cancel(); });
  connect(m_dialog, &CausalTestDialog::asked, this, [this](const engine::CausalRequest& request) {
    const SnapshotPlace place = m_dialog->subject()->place;
    m_dialog->begin();
    m_asked.start(place, request);
  });
  connect(m_dialog, &CausalTestDialog::keptWanted, this, [this] {
    const RunRecord* run = m_controller.shownRun();
    if (run != nullptr && run->isLoaded() && run->facts().task)
      m_asked.readKept(run->directory(), run->facts().task->groups());
  });
  connect(&m_asked, &CausalSeries::keptRead, m_dialog, &CausalTestDialog::setKept);
}

void CausalControl::showTest(const core::HeadRef& head) {
  if (m_dialog == nullptr)
    makeDialog();
  QLineEdit* heads = m_dialog->form()->heads()->edit();
  if (heads->text().trimmed().isEmpty())
    heads->setText(QString::fromStdString(core::headText(head)));
  m_dialog->show();
  follow();
  m_dialog->raise();
  m_dialog->activateWindow();
  m_dialog->form()->what()->setFocus();
}

QString CausalControl::whyNot() const {
  const RunRecord* run = m_controller.shownRun();
  if (run == nullptr)
    return tr("A draft has nothing to test: run it.");
  if (!run->isLoaded())
    return tr("The run is still being read.");
  if (!run->facts().task)
    return tr("The task of this run does not compile any more.");
  const QString no_heads = QString::fromStdString(engine::whyNoHeads(run->facts().spec.model));
  if (!no_heads.isEmpty())
    return no_heads.left(1).toUpper() + no_heads.mid(1) + QLatin1Char('.');
  return m_controller.shownPlace() && !m_controller.unchangedFrame()->scores.empty()
             ? QString()
             : tr("There are no weights of this run yet.");
}

void CausalControl::follow() {
  if (m_dialog == nullptr || !m_dialog->isVisible())
    return;
  if (const QString why_not = whyNot(); !why_not.isEmpty()) {
    m_dialog->setNoSubject(why_not);
    return;
  }
  const RunRecord& run = *m_controller.shownRun();
  const SnapshotPlace place = *m_controller.shownPlace();
  const auto& checkpoints = run.history().checkpoints();
  const auto& spec = run.facts().spec;
  const auto& before = m_dialog->subject();
  const bool is_other = !before || before->place.run != place.run;
  if (is_other)
    m_dialog->form()->setRun(*run.facts().task, spec.model);
  m_dialog->form()->setSteps(checkpoints, run.lastStep());
  if (is_other || before->place.step != place.step)
    m_dialog->form()->setLabels(place.step, labelsOf(spec.model, *m_controller.unchangedFrame()));
  m_dialog->setSubject({place, run.name(), checkpointBefore(checkpoints, place.step)});
}

}  // namespace anchorlens::app
