// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/thread_time.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QEvent>
#include <QThread>

namespace anchorlens::tests {

/// An application that measures how long its GUI thread is busy with one event: nothing else can be
/// answered meanwhile. Two clocks, as the processor may be somebody else's for a while.
class WatchedApplication : public QApplication {
 public:
  using QApplication::QApplication;

  struct Longest {
    double wall_ms = 0;
    double cpu_ms = 0;
    QByteArray what;  ///< receiver and event of the longest by processor time
  };

  void startWatch() {
    m_longest = {};
    m_events = 0;
    m_is_watching = true;
  }
  Longest stopWatch() {
    m_is_watching = false;
    return m_longest;
  }
  qint64 events() const { return m_events; }

  bool notify(QObject* receiver, QEvent* event) override {
    // Nested events belong to the one that they are part of; other threads come through here too.
    if (!m_is_watching || m_depth > 0 || QThread::currentThread() != thread())
      return QApplication::notify(receiver, event);
    const QByteArray what = QByteArray(receiver->metaObject()->className()) + ", event " +
                            QByteArray::number(static_cast<int>(event->type()));
    QElapsedTimer wall;
    wall.start();
    const double cpu = core::threadMs();
    ++m_depth;
    const bool is_handled = QApplication::notify(receiver, event);
    --m_depth;
    ++m_events;
    const double cpu_ms = core::threadMs() - cpu;
    const double wall_ms = static_cast<double>(wall.nsecsElapsed()) / 1e6;
    if (wall_ms > m_longest.wall_ms)
      m_longest.wall_ms = wall_ms;
    if (cpu_ms > m_longest.cpu_ms) {
      m_longest.cpu_ms = cpu_ms;
      m_longest.what = what;
    }
    return is_handled;
  }

 private:
  Longest m_longest;
  qint64 m_events = 0;
  int m_depth = 0;
  bool m_is_watching = false;
};

}  // namespace anchorlens::tests
