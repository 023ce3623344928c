// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/folder_watch.h"

#include <QDir>
#include <QFileInfo>

#include <utility>

namespace anchorlens::app {

namespace {

constexpr int kTogetherMs = 50;

/// The folder, or of those that it would lie in the innermost that is there.
QString innermost(QString folder) {
  while (!QFileInfo(folder).isDir() && !QDir(folder).isRoot())
    folder = QFileInfo(folder).path();
  return folder;
}

}  // namespace

FolderWatch::FolderWatch(const QString& folder, QObject* parent)
    : QObject(parent), m_folder(QDir::cleanPath(QFileInfo(folder).absoluteFilePath())) {
  m_soon.setSingleShot(true);
  m_soon.setInterval(kTogetherMs);
  connect(&m_soon, &QTimer::timeout, this, &FolderWatch::changed);
  connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, [this](const QString& path) {
    const bool was_there = m_is_there;
    watch();
    if ((path == m_folder || m_is_there != was_there) && !m_soon.isActive())
      m_soon.start();
  });
  watch();
}

void FolderWatch::watch() {
  QString there = innermost(m_folder);
  for (;;) {
    if (!m_watcher.directories().contains(there)) {
      if (!m_watcher.directories().isEmpty())
        m_watcher.removePaths(m_watcher.directories());
      m_watcher.addPath(there);
    }
    // One that was made before it was watched is not told.
    if (const QString now = innermost(m_folder); now == std::exchange(there, now))
      break;
  }
  m_is_there = there == m_folder;
}

}  // namespace anchorlens::app
