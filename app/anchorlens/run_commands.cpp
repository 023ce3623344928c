// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/run_commands.h"

#include <utility>

namespace anchorlens::app {

RunNameCommand::RunNameCommand(Controller& controller, RunId run_id, const QString& before,
                               const QString& after)
    : QUndoCommand(Controller::tr("rename %1").arg(before)),
      m_controller(controller),
      m_run_id(run_id),
      m_before(before),
      m_after(after) {}

void RunNameCommand::apply(const QString& name) {
  if (RunRecord* run = m_controller.m_runs.find(m_run_id))
    run->setName(name);
  m_controller.m_dirty |= Dirty::Runs | Dirty::Experiment;
}

RemoveRunCommand::RemoveRunCommand(Controller& controller, RunId run_id, const QString& name)
    : QUndoCommand(Controller::tr("remove %1 from the list").arg(name)),
      m_controller(controller),
      m_run_id(run_id) {}

void RemoveRunCommand::undo() {
  m_controller.m_runs.insert(std::move(m_run), m_place);
  m_controller.m_library.load(m_run_id);
  m_controller.m_dirty |= Dirty::Runs;
}

void RemoveRunCommand::redo() {
  m_run = m_controller.m_runs.take(m_run_id, &m_place);
  m_controller.m_library.close(m_run_id);
  m_controller.m_dirty |= Dirty::Runs;
}

}  // namespace anchorlens::app
