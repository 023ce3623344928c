// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/guard.h"

#include <ATen/Parallel.h>

#include <atomic>
#include <malloc.h>

namespace anchorlens::engine {

void prepareThread(int threads) {
  thread_local int prepared_for = 0;
  // MKL has one number for the whole process: another thread's trainer may have changed it.
  static std::atomic<int> set_last{0};
  if (prepared_for == threads && set_last == threads) {
    return;
  }
  at::set_num_threads(threads);
  at::globalContext().setFlushDenormal(true);
  if (threads > 1) {
    // This thread's helpers have a switch of their own.
    at::parallel_for(0, threads, 1, [](std::int64_t, std::int64_t) {
      at::globalContext().setFlushDenormal(true);
    });
  }
  prepared_for = threads;
  set_last = threads;
}

void keepFreedMemory() {
  constexpr int kMegabyte = 1 << 20;
  mallopt(M_MMAP_THRESHOLD, 32 * kMegabyte);
  mallopt(M_TRIM_THRESHOLD, 128 * kMegabyte);
  mallopt(M_TOP_PAD, 16 * kMegabyte);
}

}  // namespace anchorlens::engine
