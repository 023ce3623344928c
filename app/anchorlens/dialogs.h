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
  enum class UnsavedChoice { TryAgain, Close, Cancel };

  virtual ~Dialogs() = default;
  virtual QString openExperiment(QWidget* parent) = 0;
  virtual QString openRun(QWidget* parent) = 0;
  /// Any other file; `filter` as QFileDialog takes it.
  virtual QString openFile(QWidget* parent, const QString& title, const QString& filter) = 0;
  /// The file to write, which ends in `suffix`. Where adding it makes another file than the one
  /// that the system's dialog asked about, and that file exists, replaceFiles() is asked.
  QString askFile(QWidget* parent, const QString& title, const QString& proposal,
                  const QString& suffix, const QString& filter);
  /// The name as it was typed; askFile() completes it.
  virtual QString saveFile(QWidget* parent, const QString& title, const QString& proposal,
                           const QString& filter) = 0;
  virtual QString chooseFolder(QWidget* parent, const QString& title, const QString& folder) = 0;
  virtual CloseChoice closeWhileTraining(QWidget* parent, const QString& run) = 0;
  /// The run could not be saved; what it trained since its last checkpoint would be lost.
  virtual UnsavedChoice closeUnsaved(QWidget* parent, const QString& run,
                                     std::int64_t lost_steps) = 0;
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
  QString saveFile(QWidget* parent, const QString& title, const QString& proposal,
                   const QString& filter) override;
  QString chooseFolder(QWidget* parent, const QString& title, const QString& folder) override;
  CloseChoice closeWhileTraining(QWidget* parent, const QString& run) override;
  UnsavedChoice closeUnsaved(QWidget* parent, const QString& run, std::int64_t lost_steps) override;
  std::optional<std::int64_t> moreSteps(QWidget* parent, const QString& run,
                                        std::int64_t proposal) override;
  bool replaceFiles(QWidget* parent, const QStringList& files) override;
  void openFolder(const QString& folder) override;
};

}  // namespace anchorlens::app
