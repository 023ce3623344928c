// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/controller.h"

#include <QTimer>

#include <functional>
#include <vector>

namespace anchorlens::app {

/// What a window does after a change, as steps in a fixed order: each names the changes that it
/// follows. Where the subject changes, everything is shown anew: once the steps have taken longer
/// than `kSliceMs` of processor time together, the rest waits for the next turn of the event loop,
/// so that no event takes longer than a slice and one step. A change that comes meanwhile starts at
/// the front again, without doing a step twice. All other changes are cheap and shown at once.
class RefreshQueue : public QObject {
  Q_OBJECT

 public:
  static constexpr double kSliceMs = 4;

  explicit RefreshQueue(QObject* parent = nullptr);

  /// `show` is told what changed since it was last called.
  void add(DirtyFlags when, std::function<void(DirtyFlags)> show);
  /// Does what follows from a change; of another subject, or while one is being shown, as far as a
  /// slice goes.
  void request(DirtyFlags dirty);
  /// Does all that is still to be done.
  void finish();
  bool isIdle() const;

 private:
  struct Step {
    DirtyFlags when;
    std::function<void(DirtyFlags)> show;
    DirtyFlags due;
  };
  void run(bool all);

  std::vector<Step> m_steps;
  QTimer m_next;
  bool m_is_running = false;
};

}  // namespace anchorlens::app
