// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// Loops over flat float buffers, vectorised by the compiler for the CPU at hand (chosen when the
/// program starts). No LibTorch here.
namespace anchorlens::engine {

struct AdamStep {
  double learning_rate;
  double weight_decay;
  double beta1;
  double beta2;
  double eps;
  double correction1;  ///< 1 - beta1^t
  double correction2;  ///< 1 - beta2^t
  double gradient_scale;
  bool decoupled_decay;  ///< AdamW; else Adam (decay added to the gradient)
};
/// All arrays: [count]
void adamStep(const AdamStep& step, std::int64_t count, float* values, const float* gradients,
              float* m, float* v);

struct SgdStep {
  double learning_rate;
  double weight_decay;
  double momentum;
  double gradient_scale;
  bool is_first;  ///< the momentum buffer begins as the gradient
};
/// `buffer` [count] is null without momentum.
void sgdStep(const SgdStep& step, std::int64_t count, float* values, const float* gradients,
             float* buffer);

/// To the nearest bfloat16 (the upper half of a float32), ties to even; NaN stays NaN. [count]
void roundToBFloat16(std::int64_t count, const float* values, std::uint16_t* rounded);

/// Sum of squares in double; the order of additions is fixed for a CPU.
double sumOfSquares(std::int64_t count, const float* values);

}  // namespace anchorlens::engine
