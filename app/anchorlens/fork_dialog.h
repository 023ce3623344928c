// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/intervention.h"

#include <QDialog>

#include <cstdint>
#include <vector>

class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QSpinBox;

namespace anchorlens::app {

class DialogFoot;

/// The last step of a fork at `step`: the experiment's, unless it ends before the fork begins; then
/// as many steps more, and at least 100.
std::int64_t forkEnd(const core::ExperimentSpec& spec, std::int64_t step);
/// The experiment with this last step.
core::ExperimentSpec endingAt(core::ExperimentSpec spec, std::int64_t step);

/// A run's own settings as it goes on: one that was given more steps has another end, and no
/// stop_when any more.
core::ExperimentSpec goingOn(core::ExperimentSpec spec, std::int64_t total_steps);

/// Where a run is forked, with which settings, and what is changed from there on. Never modal.
class ForkDialog : public QDialog {
  Q_OBJECT

 public:
  struct Parent {
    QString name;
    core::ExperimentSpec spec;
    std::int64_t first_step = 0;
    std::int64_t last_step = 0;
    std::vector<std::int64_t> checkpoints;  ///< ascending
    std::vector<core::Intervention> interventions;
    bool is_foreign = false;
  };
  ForkDialog(Parent parent, std::int64_t step, core::ExperimentSpec draft,
             QWidget* window = nullptr);

  QSpinBox* step() const { return m_step; }
  QSpinBox* end() const { return m_end; }
  QComboBox* settings() const { return m_settings; }
  QListWidget* differences() const { return m_differences; }
  QLineEdit* changes() const { return m_changes; }
  QPushButton* forkButton() const { return m_fork; }
  QString note() const;
  QString problem() const;

 signals:
  void asked(qint64 step, const anchorlens::core::ExperimentSpec& spec,
             const std::vector<anchorlens::core::Intervention>& changes);

 private:
  enum Settings { OfParent, OfDraft };
  void build();
  core::ExperimentSpec spec() const;
  void settingsChosen();
  void check();
  QString whereText() const;
  QString readChanges();

  Parent m_parent;
  core::ExperimentSpec m_draft;
  std::vector<core::Intervention> m_wanted;
  QSpinBox* m_step = nullptr;
  QLabel* m_where = nullptr;
  QSpinBox* m_end = nullptr;
  QComboBox* m_settings = nullptr;
  QListWidget* m_differences = nullptr;
  QLineEdit* m_changes = nullptr;
  DialogFoot* m_foot = nullptr;
  QPushButton* m_fork = nullptr;
};

}  // namespace anchorlens::app
