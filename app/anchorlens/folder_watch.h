// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFileSystemWatcher>
#include <QObject>
#include <QString>
#include <QTimer>

namespace anchorlens::app {

/// Tells when files come into a folder or go out of it; the folder itself may come and go, too.
class FolderWatch : public QObject {
  Q_OBJECT

 public:
  explicit FolderWatch(const QString& folder, QObject* parent = nullptr);

 signals:
  /// Once for what happens together.
  void changed();

 private:
  void watch();

  QString m_folder;
  bool m_is_there = false;
  QFileSystemWatcher m_watcher;
  QTimer m_soon;
};

}  // namespace anchorlens::app
