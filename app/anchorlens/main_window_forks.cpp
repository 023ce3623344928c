// SPDX-License-Identifier: GPL-3.0-or-later
// Forks: asked for in a dialog that stays open beside the views; where one began is said plainly.
#include "app/anchorlens/fork_dialog.h"
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/message_bar.h"
#include "widgets/number_format.h"

#include <QSpinBox>

#include <utility>

namespace anchorlens::app {

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
  parent.spec = run->facts().spec;
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
            m_controller.forkRun(run_id, at, spec, changes);
            if (const RunRecord* fork = m_controller.shownRun())
              m_forking = std::pair(fork->id(), std::int64_t{at});
          });
  m_fork_dialog->show();
  m_fork_dialog->step()->setFocus();
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
