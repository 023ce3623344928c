// SPDX-License-Identifier: GPL-3.0-or-later
// An engine of a time when engines did not say from which headers they were built.
#include <cstdlib>

extern "C" __attribute__((visibility("default"))) void* anchorlens_engine_module() {
  std::abort();
}
