// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace anchorlens::core {

/// What goes from the worker to the window: of snapshots the latest wins, of scalars none is lost.
/// The one class with a mutex. Thread safe.
template <typename Snapshot, typename Scalar>
class Mailbox {
 public:
  void postSnapshot(std::shared_ptr<const Snapshot> snapshot) {
    const std::lock_guard lock(m_mutex);
    m_snapshot = std::move(snapshot);
  }
  void postScalar(Scalar scalar) {
    const std::lock_guard lock(m_mutex);
    m_scalars.push_back(std::move(scalar));
  }

  struct Contents {
    std::shared_ptr<const Snapshot> snapshot;  ///< null when none came since the last take
    std::vector<Scalar> scalars;               ///< in the order of posting
  };
  Contents take() {
    const std::lock_guard lock(m_mutex);
    return {std::exchange(m_snapshot, nullptr), std::exchange(m_scalars, {})};
  }

 private:
  std::mutex m_mutex;
  std::shared_ptr<const Snapshot> m_snapshot;
  std::vector<Scalar> m_scalars;
};

}  // namespace anchorlens::core
