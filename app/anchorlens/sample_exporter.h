// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/sample_files.h"

#include <QObject>
#include <QString>

#include <stop_token>

namespace anchorlens::app {

/// Samples of one task into one file.
struct SampleOrder {
  core::TaskSpec task;
  core::SampleRequest request;
  core::SampleFormat format = core::SampleFormat::Csv;
  QString file;
};

/// Draws and writes samples on its own thread, one order after the other. The file has the bytes of
/// `anchorctl sample`; one that was cancelled or failed leaves what was there before.
class SampleExporter : public QObject {
  Q_OBJECT

 public:
  enum class Outcome { Written, Cancelled, Failed };

  void write(const SampleOrder& order, std::stop_token stop);

 signals:
  /// Sequences that are drawn; at most every 50 ms.
  void progressed(qint64 done);
  /// `message` says what became of the order, in a sentence.
  void finished(anchorlens::app::SampleExporter::Outcome outcome, const QString& message);
};

}  // namespace anchorlens::app
