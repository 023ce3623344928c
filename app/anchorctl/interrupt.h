// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace anchorlens::ctl {

/// While one exists, SIGINT, SIGTERM and SIGHUP are only noted: the training loop looks, saves and
/// ends. A second signal changes nothing, for saving takes a moment only. One object at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  bool isRequested() const;
};

}  // namespace anchorlens::ctl
