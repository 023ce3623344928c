// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace anchorlens::engine {

/// LibTorch's CUDA backend, opened when an NVIDIA driver is there.
struct CudaBackend {
  bool is_open = false;
  std::string reason;  ///< why it is not open, one sentence
  /// at::hasCUDA() had not been asked before the library was opened (or needed no opening).
  bool opened_first = true;
};

/// Opens libtorch_cuda.so beside libtorch_cpu.so, once. Must come before any other call into ATen:
/// the first question whether there is CUDA fixes the answer for good. Sets cuBLAS's environment
/// variable when there is a driver: called while the engine is opened, under its lock.
const CudaBackend& openCudaBackend();

/// "NVIDIA H200", as the driver says; "CUDA 0" when it does not.
std::string cudaDeviceName(int index);

/// To be called before ATen is used; asserts that openCudaBackend() came first.
void beforeFirstUseOfAten();

}  // namespace anchorlens::engine
