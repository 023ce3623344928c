// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/interrupt.h"

#include <array>
#include <csignal>

namespace anchorlens::ctl {
namespace {

volatile std::sig_atomic_t g_requested = 0;
constexpr std::array<int, 3> kSignals{SIGINT, SIGTERM, SIGHUP};

extern "C" void noteSignal(int) {
  g_requested = 1;
}

void install(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  for (const int signal : kSignals) {
    struct sigaction old {};
    // nohup and background jobs of a shell start us with a signal ignored: that stays so.
    if (sigaction(signal, nullptr, &old) == 0 && old.sa_handler != SIG_IGN) {
      sigaction(signal, &action, nullptr);
    }
  }
}

}  // namespace

Interrupt::Interrupt() {
  g_requested = 0;
  install(noteSignal);
}

Interrupt::~Interrupt() {
  install(SIG_DFL);
}

bool Interrupt::isRequested() const {
  return g_requested != 0;
}

}  // namespace anchorlens::ctl
