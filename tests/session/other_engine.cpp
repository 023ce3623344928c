// SPDX-License-Identifier: GPL-3.0-or-later
// Has what an engine has, built from other headers: nobody may ask it for its module.
#include <cstdlib>

extern "C" __attribute__((visibility("default"))) void* anchorlens_engine_module() {
  std::abort();
}

extern "C" __attribute__((visibility("default"))) const char* anchorlens_engine_interface() {
  return "0123456789abcdef";
}
