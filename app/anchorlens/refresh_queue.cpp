// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/refresh_queue.h"

#include "engine/core/thread_time.h"

#include <algorithm>
#include <utility>

namespace anchorlens::app {
RefreshQueue::RefreshQueue(QObject* parent) : QObject(parent), m_next(this) {
  m_next.setSingleShot(true);
  m_next.setInterval(0);
  connect(&m_next, &QTimer::timeout, this, [this] { run(false); });
}

void RefreshQueue::add(DirtyFlags when, std::function<void(DirtyFlags)> show) {
  m_steps.push_back({when, std::move(show), {}});
}

void RefreshQueue::request(DirtyFlags dirty) {
  const bool all = isIdle() && !(dirty & Dirty::Subject);
  for (Step& step : m_steps) {
    if (dirty & step.when)
      step.due |= dirty;
  }
  run(all);
}

void RefreshQueue::finish() {
  run(true);
}

bool RefreshQueue::isIdle() const {
  return std::none_of(m_steps.begin(), m_steps.end(),
                      [](const Step& step) { return step.due != DirtyFlags(); });
}

void RefreshQueue::run(bool all) {
  if (m_is_running)
    return;  // the loop below comes to it
  m_is_running = true;
  m_next.stop();
  const double start = core::threadMs();
  const auto is_due = [](const Step& step) { return step.due != DirtyFlags(); };
  for (;;) {
    const auto step = std::find_if(m_steps.begin(), m_steps.end(), is_due);
    if (step == m_steps.end())
      break;
    if (!all && core::threadMs() - start > kSliceMs) {
      m_next.start();
      break;
    }
    step->show(std::exchange(step->due, {}));
  }
  m_is_running = false;
}

}  // namespace anchorlens::app
