// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

namespace anchorlens::engine {

struct CudaCapability {
  int major = 0;
  int minor = 0;
};
/// Compute capability of a GPU, as the driver says; empty when there is none of that index.
std::optional<CudaCapability> cudaCapability(int index);

/// Why LibTorch cannot compute on a GPU: half a sentence about its capability; empty where it can,
/// and where there is no such GPU.
std::optional<std::string> whyTooOld(int index);

}  // namespace anchorlens::engine
