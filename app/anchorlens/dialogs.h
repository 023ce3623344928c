// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <optional>

class QWidget;

namespace anchorlens::app {

/// What the window asks in a dialog of the system; a test answers instead. Empty: cancelled.
class Dialogs {
 public:
  enum class CloseChoice { PauseAndSave, Stop, Cancel };

  virtual ~Dialogs() = default;
  virtual QString openExperiment(QWidget* parent) = 0;
  virtual QString openRun(QWidget* parent) = 0;
  /// Any other file; `filter` as QFileDialog takes it.
  virtual QString openFile(QWidget* parent, const QString& title, const QString& filter) = 0;
  virtual QString saveExperiment(QWidget* parent, const QString& proposal) = 0;
  virtual QString saveStudy(QWidget* parent, const QString& proposal) {
    return saveExperiment(parent, proposal);
  }
  virtual QString saveFile(QWidget* parent, const QString& title, const QString& proposal,
                           const QString& filter) = 0;
  virtual QString chooseFolder(QWidget* parent, const QString& title, const QString& folder) = 0;
  virtual CloseChoice closeWhileTraining(QWidget* parent, const QString& run) = 0;
  virtual std::optional<std::int64_t> moreSteps(QWidget* parent, const QString& run,
                                                std::int64_t proposal) = 0;
  /// `files` exist already; true: replace them.
  virtual bool replaceFiles(QWidget* parent, const QStringList& files) = 0;
  virtual void openFolder(const QString& folder) = 0;
};

/// Qt's dialogs.
class QtDialogs : public Dialogs {
 public:
  QString openExperiment(QWidget* parent) override;
  QString openRun(QWidget* parent) override;
  QString openFile(QWidget* parent, const QString& title, const QString& filter) override;
  QString saveExperiment(QWidget* parent, const QString& proposal) override;
  QString saveStudy(QWidget* parent, const QString& proposal) override;
  QString saveFile(QWidget* parent, const QString& title, const QString& proposal,
                   const QString& filter) override;
  QString chooseFolder(QWidget* parent, const QString& title, const QString& folder) override;
  CloseChoice closeWhileTraining(QWidget* parent, const QString& run) override;
  std::optional<std::int64_t> moreSteps(QWidget* parent, const QString& run,
                                        std::int64_t proposal) override;
  bool replaceFiles(QWidget* parent, const QStringList& files) override;
  void openFolder(const QString& folder) override;
};

}  // namespace anchorlens::app
