// SPDX-License-Identifier: GPL-3.0-or-later
// Forks: asked for in a dialog that stays open beside the views; where one began is said plainly.
#include "app/anchorlens/fork_dialog.h"
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/message_bar.h"
#include "app/anchorlens/places.h"
#include "engine/core/step_schedule.h"
#include "widgets/number_format.h"

#include <QFileInfo>
#include <QSpinBox>
#include <QStatusBar>

#include <utility>

namespace anchorlens::app {

namespace {

core::ExperimentSpec settingsOf(const RunRecord& run) {
  const core::ExperimentSpec& spec = run.facts().spec;
  return run.facts().is_foreign ? spec : goingOn(spec, run.status().total_steps);
}

}  // namespace

ForkDialog* MainWindow::forkDialog() const {
  return m_fork_dialog;
}

void MainWindow::forkFromCursor(RunId run_id) {
  const RunRecord* run = m_controller.runs().find(run_id);
  if (run == nullptr || !run->isLoaded())
    return;
  const bool is_shown = m_controller.shownRun() == run;
  const std::int64_t step = is_shown ? m_controller.cursor().step() : run->lastStep();
  ForkDialog::Parent parent;
  parent.name = run->name();
  parent.spec = settingsOf(*run);
  parent.first_step = run->facts().fork_step;
  parent.last_step = run->lastStep();
  parent.checkpoints = run->history().checkpoints();
  parent.interventions = run->facts().interventions;
  parent.is_foreign = run->facts().is_foreign;
  if (m_fork_dialog != nullptr)
    m_fork_dialog->close();
  m_fork_dialog = new ForkDialog(std::move(parent), step, m_controller.draft().spec(), this);
  connect(m_fork_dialog, &ForkDialog::asked, this,
          [this, run_id](qint64 at, const core::ExperimentSpec& spec,
                         const std::vector<core::Intervention>& changes) {
            startFork(run_id, at, spec, changes);
          });
  m_fork_dialog->show();
  m_fork_dialog->step()->setFocus();
}

/// A checkpoint that was dropped on Runs: a fork of its run at its step, with its settings.
void MainWindow::forkCheckpoint(const QString& path, std::int64_t step) {
  const QString folder = QFileInfo(QFileInfo(path).absolutePath()).absolutePath();
  whenRead(m_controller.openRun(toPath(folder)), [this, step](const RunRecord& run) {
    const core::ExperimentSpec spec = settingsOf(run);
    const std::int64_t end = forkEnd(spec, step);
    if (end != core::totalSteps(spec)) {
      statusBar()->showMessage(
          tr("The settings of %1 end at step %2: its fork trains on to step %3.")
              .arg(run.name(), widgets::formatInteger(core::totalSteps(spec)),
                   widgets::formatInteger(end)));
    }
    startFork(run.id(), step, endingAt(spec, end), {});
  });
}

void MainWindow::startFork(RunId run_id, std::int64_t step, const core::ExperimentSpec& spec,
                           const std::vector<core::Intervention>& changes) {
  m_controller.forkRun(run_id, step, spec, changes);
  if (const RunRecord* fork = m_controller.shownRun())
    m_forking = std::pair(fork->id(), step);
}

/// The step that a fork was asked for may not have been reached.
void MainWindow::tellForkStep(RunId run_id) {
  if (!m_forking || m_forking->first != run_id)
    return;
  const std::int64_t asked = m_forking->second;
  m_forking.reset();
  const RunRecord* run = m_controller.runs().find(run_id);
  if (run->facts().step == asked)
    return;
  m_messages->showMessage(
      QStringLiteral("fork"), MessageBar::Kind::Warning,
      tr("%1 begins at step %2, the nearest one before step %3 that training can go on from.")
          .arg(run->name(), widgets::formatInteger(run->facts().step),
               widgets::formatInteger(asked)));
}

}  // namespace anchorlens::app
