// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ctime>

namespace anchorlens::core {

/// Processor time of this thread in milliseconds: what it takes itself, whoever else has the
/// processor meanwhile.
inline double threadMs() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e3 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e6;
}

}  // namespace anchorlens::core
