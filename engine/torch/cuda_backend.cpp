// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/cuda_backend.h"

#include "engine/session.h"

#include <c10/core/Allocator.h>
#include <c10/util/Exception.h>

#include <atomic>
#include <dlfcn.h>
#include <filesystem>

namespace anchorlens::engine {
namespace {

std::atomic<bool> g_opened{false};
std::atomic<bool> g_aten_used{false};

/// The folder of the LibTorch that is loaded.
std::filesystem::path torchFolder() {
  Dl_info info{};
  // Any function of LibTorch does; this one is in libc10.so, beside the others.
  auto* function = reinterpret_cast<void*>(&c10::GetAllocator);
  if (dladdr(function, &info) == 0 || info.dli_fname == nullptr) {
    return {};
  }
  return std::filesystem::path(info.dli_fname).parent_path();
}

CudaBackend open() {
  CudaBackend backend;
  backend.opened_first = !g_aten_used;
  if (const auto reason = whyNoCuda()) {
    backend.reason = *reason;
    return backend;
  }
  const std::filesystem::path library = torchFolder() / "libtorch_cuda.so";
  if (dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) {
    const char* text = dlerror();
    backend.reason = "An NVIDIA driver is here, but LibTorch's CUDA library could not be opened: " +
                     std::string(text == nullptr ? "no reason given" : text) +
                     ". packaging/setup installs what it needs.";
    return backend;
  }
  backend.is_open = true;
  return backend;
}

}  // namespace

const CudaBackend& openCudaBackend() {
  static const CudaBackend backend = [] {
    CudaBackend result = open();
    g_opened = true;
    return result;
  }();
  return backend;
}

void beforeFirstUseOfAten() {
  g_aten_used = true;
  TORCH_CHECK(g_opened, "the CUDA backend must be opened before ATen is used");
}

}  // namespace anchorlens::engine
