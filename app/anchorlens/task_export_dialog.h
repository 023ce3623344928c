// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/dialogs.h"
#include "app/anchorlens/sample_exporter.h"
#include "app/anchorlens/worker_thread.h"

#include <QDialog>

#include <stop_token>

class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace anchorlens::app {

/// Export of the task: samples for other programs, and the task as a paper shows it. Not modal, and
/// samples are written in a worker: editing goes on. Closing hides it; what is being written goes
/// on, and told() says how it ended.
class TaskExportDialog : public QDialog {
  Q_OBJECT

 public:
  explicit TaskExportDialog(Dialogs& dialogs, QWidget* parent = nullptr);
  ~TaskExportDialog() override;

  /// What the window shows now; a file is of the task at the moment when it is asked for.
  void setExperiment(const core::ExperimentSpec& experiment);

  QComboBox* format() const { return m_format; }
  QComboBox* split() const { return m_split; }
  QSpinBox* count() const { return m_count; }
  QSpinBox* seed() const { return m_seed; }
  QPushButton* saveSamplesButton() const { return m_save_samples; }
  QPushButton* cancelButton() const { return m_cancel; }
  QPushButton* copyLatexButton() const { return m_copy_latex; }
  QPushButton* saveLatexButton() const { return m_save_latex; }
  QPushButton* saveSvgButton() const { return m_save_svg; }
  QProgressBar* progress() const { return m_progress; }
  QString message() const;

 signals:
  /// One sentence on what was written, or why not.
  void told(const QString& message);

 private:
  void build();
  QWidget* buildSamples();
  QWidget* buildNotation();
  void showCommand();
  QString askFile(const QString& title, const QString& suffix, const QString& filter);
  void saveSamples();
  void saveNotation(bool is_svg);
  void onFinished(SampleExporter::Outcome outcome, const QString& message);
  void setBusy(bool busy);
  void tell(const QString& message, bool is_problem);

  Dialogs& m_dialogs;
  core::ExperimentSpec m_experiment;
  std::stop_source m_stop;
  QLabel* m_task = nullptr;
  QComboBox* m_format = nullptr;
  QComboBox* m_split = nullptr;
  QSpinBox* m_count = nullptr;
  QSpinBox* m_seed = nullptr;
  QLabel* m_command = nullptr;
  QPushButton* m_save_samples = nullptr;
  QProgressBar* m_progress = nullptr;
  QPushButton* m_cancel = nullptr;
  QPushButton* m_copy_latex = nullptr;
  QPushButton* m_save_latex = nullptr;
  QPushButton* m_save_svg = nullptr;
  QLabel* m_message = nullptr;
  WorkerThread<SampleExporter> m_exporter;
};

}  // namespace anchorlens::app
