// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/job_thread.h"

#include <utility>

namespace anchorlens::app {

JobThread::JobThread() : m_thread([this] { work(); }) {}

JobThread::~JobThread() {
  {
    const std::lock_guard lock(m_mutex);
    m_is_ending = true;
  }
  m_changed.notify_one();
  m_thread.join();
}

void JobThread::post(std::function<void()> job) {
  {
    const std::lock_guard lock(m_mutex);
    m_jobs.push_back(std::move(job));
  }
  m_changed.notify_one();
}

void JobThread::work() {
  for (;;) {
    std::function<void()> job;
    {
      std::unique_lock lock(m_mutex);
      m_changed.wait(lock, [this] { return m_is_ending || !m_jobs.empty(); });
      if (m_jobs.empty()) {
        return;
      }
      job = std::move(m_jobs.front());
      m_jobs.pop_front();
    }
    job();
  }
}

}  // namespace anchorlens::app
