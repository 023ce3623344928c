// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/cuda_backend.h"

#include "engine/session.h"

#include <c10/core/Allocator.h>
#include <c10/util/Exception.h>

#include <array>
#include <atomic>
#include <cstdlib>
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
  // cuBLAS is deterministic only with a workspace of fixed size, which it reads from here once.
  setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);  // NOLINT(concurrency-mt-unsafe): see header
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

std::string cudaDeviceName(int index) {
  std::string name = "CUDA " + std::to_string(index);
  void* driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL);
  if (driver == nullptr) {
    return name;
  }
  using GetDevice = int (*)(int*, int);
  using GetName = int (*)(char*, int, int);
  const auto get_device = reinterpret_cast<GetDevice>(dlsym(driver, "cuDeviceGet"));
  const auto get_name = reinterpret_cast<GetName>(dlsym(driver, "cuDeviceGetName"));
  int device = 0;
  std::array<char, 256> text{};
  if (get_device != nullptr && get_name != nullptr && get_device(&device, index) == 0 &&
      get_name(text.data(), static_cast<int>(text.size()) - 1, device) == 0) {
    name = text.data();
  }
  dlclose(driver);
  return name;
}

void beforeFirstUseOfAten() {
  g_aten_used = true;
  TORCH_CHECK(g_opened, "the CUDA backend must be opened before ATen is used");
}

}  // namespace anchorlens::engine
