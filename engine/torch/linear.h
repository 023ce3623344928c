// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "engine/torch/torch_api.h"

/// The models' products with their weights.
namespace anchorlens::engine {

/// x W^T + b, as at::linear. Within a LinearPrecision scope of bfloat16 the inputs of this product
/// and of the two of its gradient are rounded to bfloat16; sums, results and b are float32.
///
/// Shape:
///   x: [..., in], W: [out, in], b: [out] or undefined; returns [..., out]
at::Tensor linear(const at::Tensor& x, const at::Tensor& W, const at::Tensor& b);

/// What linear() multiplies in on this thread while it lives; float32 without one. TF32 is no
/// business of linear(): cuda_products.h.
class LinearPrecision {
 public:
  explicit LinearPrecision(core::TrainingSpec::Precision precision);
  ~LinearPrecision();
  LinearPrecision(const LinearPrecision&) = delete;
  LinearPrecision& operator=(const LinearPrecision&) = delete;

 private:
  core::TrainingSpec::Precision m_before;
};

}  // namespace anchorlens::engine
