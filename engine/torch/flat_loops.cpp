// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/flat_loops.h"

#include "engine/torch/clones.h"

#include <array>
#include <bit>
#include <cmath>

namespace anchorlens::engine {

ANCHORLENS_CLONES
void adamStep(const AdamStep& step, std::int64_t count, float* __restrict values,
              const float* __restrict gradients, float* __restrict m, float* __restrict v) {
  const auto beta1 = static_cast<float>(step.beta1);
  const auto beta2 = static_cast<float>(step.beta2);
  const auto rest1 = static_cast<float>(1.0 - step.beta1);
  const auto rest2 = static_cast<float>(1.0 - step.beta2);
  const auto eps = static_cast<float>(step.eps);
  const auto scale = static_cast<float>(step.gradient_scale);
  const auto rate = static_cast<float>(step.learning_rate / step.correction1);
  const auto root2 = static_cast<float>(1.0 / std::sqrt(step.correction2));
  const auto keep = step.decoupled_decay
                        ? static_cast<float>(1.0 - step.learning_rate * step.weight_decay)
                        : 1.0F;
  const auto decay = step.decoupled_decay ? 0.0F : static_cast<float>(step.weight_decay);
  for (std::int64_t i = 0; i < count; ++i) {
    const float g = gradients[i] * scale + decay * values[i];
    const float m_new = beta1 * m[i] + rest1 * g;
    const float v_new = beta2 * v[i] + rest2 * g * g;
    m[i] = m_new;
    v[i] = v_new;
    values[i] = values[i] * keep - rate * m_new / (std::sqrt(v_new) * root2 + eps);
  }
}

ANCHORLENS_CLONES
void sgdStep(const SgdStep& step, std::int64_t count, float* __restrict values,
             const float* __restrict gradients, float* __restrict buffer) {
  const auto scale = static_cast<float>(step.gradient_scale);
  const auto decay = static_cast<float>(step.weight_decay);
  const auto rate = static_cast<float>(step.learning_rate);
  const auto momentum = step.is_first ? 0.0F : static_cast<float>(step.momentum);
  if (buffer == nullptr) {
    for (std::int64_t i = 0; i < count; ++i) {
      values[i] -= rate * (gradients[i] * scale + decay * values[i]);
    }
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    const float g = gradients[i] * scale + decay * values[i];
    buffer[i] = momentum * buffer[i] + g;
    values[i] -= rate * buffer[i];
  }
}

ANCHORLENS_CLONES
double sumOfSquares(std::int64_t count, const float* values) {
  // Sixteen sums side by side: the compiler may vectorise without reordering any of them.
  constexpr std::int64_t kLanes = 16;
  std::array<double, kLanes> sums{};
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      const double value = values[i + lane];
      sums[static_cast<std::size_t>(lane)] += value * value;
    }
  }
  for (; i < count; ++i) {
    const double value = values[i];
    sums[0] += value * value;
  }
  double total = 0;
  for (const double sum : sums) {
    total += sum;
  }
  return total;
}

ANCHORLENS_CLONES
void roundToBFloat16(std::int64_t count, const float* __restrict values,
                     std::uint16_t* __restrict rounded) {
  constexpr std::uint32_t kInfinity = 0x7F800000;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto bits = std::bit_cast<std::uint32_t>(values[i]);
    const std::uint32_t nearest = bits + 0x7FFF + (bits >> 16 & 1);
    const bool is_nan = (bits & 0x7FFFFFFF) > kInfinity;
    rounded[i] = static_cast<std::uint16_t>((is_nan ? bits | 0x400000 : nearest) >> 16);
  }
}

}  // namespace anchorlens::engine
