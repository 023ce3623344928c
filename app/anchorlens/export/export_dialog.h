// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/dialogs.h"
#include "app/anchorlens/export/export_worker.h"
#include "app/anchorlens/export/window_material.h"
#include "app/anchorlens/worker_thread.h"

#include <QDialog>
#include <QTimer>

#include <array>
#include <stop_token>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace anchorlens::app {

class FigurePreview;

/// Export: what, how it looks, in which formats, into which files. Not modal: training and the
/// window go on, and writing happens in a worker.
class ExportDialog : public QDialog {
  Q_OBJECT

 public:
  explicit ExportDialog(Dialogs& dialogs, QWidget* parent = nullptr);

  /// What the window shows now.
  void setSource(const ExportSource& source);
  /// What is previewed and exported, by ExportKind::id.
  void setKind(const QString& id);
  const ExportKind& kind() const;
  /// What there is; several can be selected and are exported together.
  QListWidget* items() const { return m_items; }
  /// "svg", "pdf", ...; those that the kind does not have are ignored.
  void setFormats(const QStringList& suffixes);
  /// Folder and name without suffix; braces as in figureFileName.
  void setFilePattern(const QString& pattern);
  QStringList files() const;
  QString commandLine() const;
  QPushButton* exportButton() const { return m_export; }
  QLineEdit* stepsField() const { return m_steps; }
  QLabel* stepsProblem() const { return m_steps_problem; }
  FigurePreview* preview() const { return m_preview; }
  QString problem() const;

 signals:
  /// One sentence on what was written, or why not.
  void finished(const QString& message);

 private:
  void build();
  QWidget* buildItems();
  QWidget* buildMiddle();
  QWidget* buildFrames(QWidget* parent);
  QWidget* buildRight();
  QWidget* buildButtons();
  void changed();
  void showFormats();
  void showFrames();
  void forgetSteps();
  void takeMilestones();
  void askPreview();
  void onPrepared(quint64 number, const std::shared_ptr<const widgets::Figure>& figure);
  void onDone(quint64 number, int files, const QString& problem);
  void startExport();
  void copyPicture();
  void setBusy(bool busy);
  static const ExportKind& kindAt(int row);
  QString missingFor(const ExportKind& kind) const;
  std::vector<const ExportKind*> chosen() const;
  ExportOrder orderFor(const ExportKind& kind) const;
  std::vector<ExportTask> tasks() const;
  void showStepsProblem();
  void enableExport();

  Dialogs& m_dialogs;
  ExportSource m_source;
  QStringList m_milestones;  ///< steps
  int m_newest = 0;          ///< frame of the run when its steps were proposed
  QString m_without;         ///< "without L1 H0": of what is being written
  std::uint64_t m_number = 0;
  std::uint64_t m_writing = 0;
  std::stop_source m_stop;
  QTimer m_delay;
  bool m_is_building = true;
  bool m_is_preview_known = false;
  QListWidget* m_items = nullptr;
  FigurePreview* m_preview = nullptr;
  QLabel* m_preview_size = nullptr;
  QWidget* m_frames_row = nullptr;
  QSpinBox* m_first = nullptr;
  QSpinBox* m_last = nullptr;
  QSpinBox* m_every = nullptr;
  QDoubleSpinBox* m_fps = nullptr;
  QWidget* m_steps_row = nullptr;
  QLineEdit* m_steps = nullptr;
  QLabel* m_steps_problem = nullptr;  ///< under the field; empty: what is chosen can be read
  QPushButton* m_use_emergence = nullptr;
  QGridLayout* m_options_grid = nullptr;
  std::array<QCheckBox*, 8> m_options{};
  QPlainTextEdit* m_command = nullptr;
  QPushButton* m_copy_command = nullptr;
  std::vector<QCheckBox*> m_formats;
  QComboBox* m_width = nullptr;
  QDoubleSpinBox* m_font = nullptr;
  QComboBox* m_dpi = nullptr;
  QComboBox* m_theme = nullptr;
  QComboBox* m_map = nullptr;
  QComboBox* m_scale = nullptr;
  QLineEdit* m_file = nullptr;
  QCheckBox* m_provenance = nullptr;
  QLabel* m_summary = nullptr;
  QProgressBar* m_progress = nullptr;
  QPushButton* m_copy = nullptr;
  QPushButton* m_close = nullptr;
  QPushButton* m_export = nullptr;
  WorkerThread<ExportWorker> m_thread;
};

}  // namespace anchorlens::app
