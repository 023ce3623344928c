// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/version.h"
#include "engine/torch/module.h"

#include <exception>

/// What openEngine() looks up in the module; null when LibTorch could not be started.
extern "C" __attribute__((visibility("default"))) anchorlens::engine::EngineModule*
anchorlens_engine_module() {
  try {
    return &anchorlens::engine::torchModule();
  } catch (const std::exception&) {
    return nullptr;
  }
}

/// What openEngine() compares with its own before it asks for the module.
extern "C" __attribute__((visibility("default"))) const char* anchorlens_engine_interface() {
  return anchorlens::engine::interfaceHash();
}
