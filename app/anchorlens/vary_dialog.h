// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/dialogs.h"
#include "app/anchorlens/study_planner.h"
#include "app/anchorlens/worker_thread.h"
#include "widgets/study_form.h"

#include <QDialog>
#include <QTimer>

#include <optional>

class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QTableView;

namespace anchorlens::app {

/// Repeat with seeds and Vary: composes a study of one experiment, shows its runs before anything
/// starts, and writes the study file that anchorctl sweep takes.
class VaryDialog : public QDialog {
  Q_OBJECT

 public:
  /// `steps_per_second` of this experiment on this machine, when it is known.
  VaryDialog(const core::ExperimentSpec& base, widgets::StudyForm::Start start,
             std::optional<double> steps_per_second, Dialogs& dialogs, QWidget* parent = nullptr);
  ~VaryDialog() override;

  widgets::StudyForm* form() const { return m_form; }
  QTableView* runs() const { return m_runs; }
  QSpinBox* jobs() const { return m_jobs; }
  QPushButton* saveButton() const { return m_save; }
  QPushButton* copyButton() const { return m_copy; }
  QString summary() const;
  QString command() const;
  /// What is shown is what is typed.
  bool isSettled() const { return !m_is_waiting; }

 signals:
  void saved(const QString& file);

 private:
  void build();
  QWidget* buildCommand();
  void ask();
  void take(const StudyPlanner::Answer& answer);
  void showSummary();
  void showCommand();
  void save();

  core::ExperimentSpec m_base;
  std::optional<double> m_steps_per_second;
  Dialogs& m_dialogs;
  widgets::StudyForm* m_form = nullptr;
  widgets::StudyRunsModel* m_model = nullptr;
  QTableView* m_runs = nullptr;
  QLabel* m_summary = nullptr;
  QLabel* m_message = nullptr;
  QSpinBox* m_jobs = nullptr;
  QLineEdit* m_command = nullptr;
  QPushButton* m_save = nullptr;
  QPushButton* m_copy = nullptr;
  QString m_file;  ///< of the study that is shown; empty when it is not written
  std::shared_ptr<const widgets::PlannedStudy> m_study;
  bool m_is_waiting = false;
  quint64 m_number = 0;
  std::stop_source m_stop;
  QTimer m_delay;
  WorkerThread<StudyPlanner> m_planner;
};

}  // namespace anchorlens::app
