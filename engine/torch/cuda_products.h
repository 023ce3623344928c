// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "engine/torch/torch_api.h"

namespace anchorlens::engine {

/// While it lives, cuBLAS multiplies float32 matrices for this trainer's step: in TF32 (inputs of
/// 10 bits of mantissa, sums in float32) where the precision is that, else exactly. The switch is
/// one for the process, and the backward pass is on LibTorch's own threads: steps of another
/// precision wait until it is theirs, steps of the same run beside each other. Outside of every
/// scope it is float32. What is not a step takes at::NoTF32Guard, which waits for nobody. On the
/// CPU nothing is switched.
class CudaProducts {
 public:
  CudaProducts(core::TrainingSpec::Precision precision, at::Device device);
  ~CudaProducts();
  CudaProducts(const CudaProducts&) = delete;
  CudaProducts& operator=(const CudaProducts&) = delete;

 private:
  bool m_is_on_gpu;
};

}  // namespace anchorlens::engine
