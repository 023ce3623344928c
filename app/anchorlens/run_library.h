// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/run_list.h"
#include "app/anchorlens/run_loader.h"
#include "app/anchorlens/worker_thread.h"

#include <QObject>
#include <QTimer>

#include <optional>
#include <set>
#include <utility>

namespace anchorlens::app {

/// Runs on disk: opens them, follows those that somebody else trains, and fetches frames that are
/// not in memory. All reading happens on the loader's thread.
class RunLibrary : public QObject {
  Q_OBJECT

 public:
  static constexpr int kPollMs = 500;

  explicit RunLibrary(RunList& runs, QObject* parent = nullptr);

  /// The run of a directory, which is read in the background; one that is in the list already is
  /// returned as it is.
  RunRecord& open(const std::filesystem::path& directory, const QString& name = {},
                  int colour = -1);
  /// Reads a record's directory (again).
  void load(RunId run_id);
  void close(RunId run_id);
  /// Asks for a recorded frame; frameReady follows. Of several wishes only the newest is kept.
  void wantFrame(RunId run_id, std::int64_t step);

 signals:
  /// Experiment and rows are in the record (or its problem is).
  void loaded(anchorlens::app::RunId run_id);
  /// A run's bookmarks cannot be read; the run can.
  void told(const QString& text);
  /// Rows or checkpoints were added by a poll.
  void updated(anchorlens::app::RunId run_id);
  void frameReady(anchorlens::app::RunId run_id, std::int64_t step);
  void frameMissing(anchorlens::app::RunId run_id, std::int64_t step, const QString& message);

 private:
  using Wish = std::pair<RunId, std::int64_t>;
  void giveBack(RunRows& rows);
  void poll();
  void askNext();

  RunList& m_runs;
  std::set<RunId> m_open;  ///< the loader has them open
  std::optional<Wish> m_asked;
  std::optional<Wish> m_wish;
  QTimer m_poll;
  WorkerThread<RunLoader> m_thread;
};

}  // namespace anchorlens::app
