// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/run_list.h"
#include "app/anchorlens/worker_thread.h"
#include "engine/core/store/bookmarks.h"

#include <QObject>

#include <filesystem>
#include <vector>

namespace anchorlens::app {

/// Writes bookmarks beside their runs, on its own thread.
class BookmarkWriter : public QObject {
  Q_OBJECT

 public:
  void write(RunId run_id, const std::filesystem::path& run,
             const std::vector<core::BookmarkChange>& changes);

 signals:
  void written(anchorlens::app::RunId run_id,
               const std::vector<anchorlens::core::BookmarkChange>& changes);
  void failed(anchorlens::app::RunId run_id, const QString& reason);
};

/// Bookmarks of the window's runs: a change is seen at once and written in the background. One that
/// cannot be written (a read-only folder) stays in the record, and the next change tries again.
class BookmarkKeeper : public QObject {
  Q_OBJECT

 public:
  explicit BookmarkKeeper(RunList& runs, QObject* parent = nullptr);

  void change(RunId run_id, const core::BookmarkChange& change);

 signals:
  void changed(anchorlens::app::RunId run_id);
  void told(const QString& text);

 private:
  RunList& m_runs;
  WorkerThread<BookmarkWriter> m_thread;
};

}  // namespace anchorlens::app
