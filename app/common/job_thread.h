// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace anchorlens::app {

/// Runs jobs on a thread of its own, one after another, in the order of posting: what
/// RunSession::Options::background is for. Jobs must not throw.
class JobThread {
 public:
  JobThread();
  /// Does what is queued, then ends the thread.
  ~JobThread();
  JobThread(const JobThread&) = delete;
  JobThread& operator=(const JobThread&) = delete;

  void post(std::function<void()> job);

 private:
  void work();

  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::deque<std::function<void()>> m_jobs;  ///< guarded by m_mutex
  bool m_is_ending = false;                  ///< guarded by m_mutex
  std::thread m_thread;                      ///< the last member: it uses the others
};

}  // namespace anchorlens::app
