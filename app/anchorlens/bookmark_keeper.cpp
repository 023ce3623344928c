// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/bookmark_keeper.h"

namespace anchorlens::app {

void BookmarkWriter::write(RunId run_id, const std::filesystem::path& run,
                           const std::vector<core::BookmarkChange>& changes) {
  const auto now = core::changeBookmarks(run, changes);
  if (now)
    emit written(run_id, changes);
  else
    emit failed(run_id, QString::fromStdString(now.error().text()));
}

BookmarkKeeper::BookmarkKeeper(RunList& runs, QObject* parent)
    : QObject(parent), m_runs(runs), m_thread(QStringLiteral("bookmarks")) {
  connect(m_thread.worker(), &BookmarkWriter::written, this,
          [this](RunId run_id, const std::vector<core::BookmarkChange>& changes) {
            if (RunRecord* run = m_runs.find(run_id))
              run->bookmarksWritten(changes);
          });
  connect(m_thread.worker(), &BookmarkWriter::failed, this,
          [this](RunId run_id, const QString& reason) {
            if (m_runs.find(run_id) != nullptr)
              emit told(tr("%1 The bookmark is kept in this window's session only.").arg(reason));
          });
}

void BookmarkKeeper::change(RunId run_id, const core::BookmarkChange& change) {
  RunRecord* run = m_runs.find(run_id);
  if (run == nullptr)
    return;
  run->changeBookmarks({change});
  m_thread.post([run_id, directory = run->directory(), changes = run->unwrittenBookmarks()](
                    BookmarkWriter& writer) { writer.write(run_id, directory, changes); });
  emit changed(run_id);
}

}  // namespace anchorlens::app
