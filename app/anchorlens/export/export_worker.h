// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/export/export_kind.h"

#include <QObject>
#include <QStringList>

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

namespace anchorlens::app {

/// One order and the files that it goes into.
struct ExportTask {
  ExportOrder order;
  QStringList files;
};

/// Reads, draws and writes on its own thread, so that exporting never stops the window or training.
class ExportWorker : public QObject {
  Q_OBJECT

 public:
  /// A figure for the preview: prepared or refused follows.
  void prepare(std::uint64_t number, const ExportOrder& order);
  /// Each order in every format, a file each; a cancelled or failed export leaves no partial file.
  /// wrote follows after each file, then done.
  void write(std::uint64_t number, const std::vector<ExportTask>& tasks, std::stop_token stop);

 signals:
  void prepared(quint64 number, std::shared_ptr<const anchorlens::widgets::Figure> figure);
  void refused(quint64 number, const QString& problem);
  /// Of so many files; parts of one for animations.
  void progressed(quint64 number, double files);
  void wrote(quint64 number, int files, const QString& file);
  /// `problem`: the first that a file could not be written for; empty: all files are there.
  void done(quint64 number, int files, const QString& problem);

 private:
  void guard(quint64 number, const std::function<void()>& work);
};

}  // namespace anchorlens::app
