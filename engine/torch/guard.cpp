// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/guard.h"

#include <ATen/Parallel.h>

namespace anchorlens::engine {

void prepareThread(int threads) {
  thread_local int prepared_for = 0;
  if (prepared_for != threads) {
    at::set_num_threads(threads);
    at::globalContext().setFlushDenormal(true);
    prepared_for = threads;
  }
}

}  // namespace anchorlens::engine
