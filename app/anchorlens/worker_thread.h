// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QThread>

#include <utility>

namespace anchorlens::app {

/// A worker object on its own named thread. The destructor lets the call in progress end, then ends
/// the thread and the worker with it: what the worker uses must outlive this object.
template <typename Worker>
class WorkerThread {
 public:
  template <typename... Args>
  explicit WorkerThread(const QString& name, Args&&... args)
      : m_worker(new Worker(std::forward<Args>(args)...)) {
    m_thread.setObjectName(name);
    m_worker->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.start();
  }
  ~WorkerThread() {
    m_thread.quit();
    m_thread.wait();
  }
  WorkerThread(const WorkerThread&) = delete;
  WorkerThread& operator=(const WorkerThread&) = delete;

  /// For connections; its slots run on its own thread.
  Worker* worker() const { return m_worker; }

  /// Queues `call(worker)` on the worker's thread.
  template <typename Call>
  void post(Call call) const {
    Worker* worker = m_worker;
    QMetaObject::invokeMethod(
        worker, [worker, call = std::move(call)]() mutable { call(*worker); },
        Qt::QueuedConnection);
  }

 private:
  QThread m_thread;
  Worker* m_worker;
};

}  // namespace anchorlens::app
