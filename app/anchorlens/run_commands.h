// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/controller.h"

#include <QUndoCommand>

#include <memory>

namespace anchorlens::app {

class RunNameCommand : public QUndoCommand {
 public:
  RunNameCommand(Controller& controller, RunId run_id, const QString& before, const QString& after);
  void undo() override { apply(m_before); }
  void redo() override { apply(m_after); }

 private:
  void apply(const QString& name);

  Controller& m_controller;
  RunId m_run_id;
  QString m_before;
  QString m_after;
};

/// Out of the list; the files stay. Keeps the record, so that undo brings it back as it was.
class RemoveRunCommand : public QUndoCommand {
 public:
  RemoveRunCommand(Controller& controller, RunId run_id, const QString& name);
  void undo() override;
  void redo() override;

 private:
  Controller& m_controller;
  RunId m_run_id;
  std::unique_ptr<RunRecord> m_run;
  std::size_t m_place = 0;
};

}  // namespace anchorlens::app
