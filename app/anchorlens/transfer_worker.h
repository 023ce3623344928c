// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/import/foreign_names.h"

#include <QObject>
#include <QString>

#include <cstdint>
#include <filesystem>
#include <stop_token>

namespace anchorlens::app {

/// Weights of a run into a file.
struct WeightsOrder {
  std::filesystem::path run;
  std::int64_t step = 0;  ///< or the nearest earlier one that can be had
  core::NameFamily names = core::NameFamily::Native;
  QString file;
};

/// Other people's checkpoints into a new run directory.
struct ImportOrder {
  QString source;
  QString folder;  ///< of the new run
};

/// Takes weights out of runs and other people's runs in, on its own thread, one order after the
/// other: the window and training go on. What `anchorctl export` and `import` do.
class TransferWorker : public QObject {
  Q_OBJECT

 public:
  void exportWeights(const WeightsOrder& order);
  void importRun(const ImportOrder& order, std::stop_token stop);

 signals:
  /// `text` says what became of it, in a sentence.
  void exported(const QString& text);
  void exportFailed(const QString& text);
  /// Checkpoints; at most every 100 ms.
  void importProgressed(int done, int total);
  void imported(const QString& folder, const QString& text);
  /// Nothing was left behind. Each line of `text` is an error.
  void importFailed(const QString& text);
};

}  // namespace anchorlens::app
