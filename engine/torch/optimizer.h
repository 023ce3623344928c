// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "engine/torch/torch_api.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace anchorlens::engine {

/// SGD, Adam and AdamW with PyTorch's formulas (weight decay on every parameter), as one pass over
/// flat buffers.
class Optimizer {
 public:
  /// `like`: the flat parameters; state has their length and device.
  Optimizer(const core::TrainingSpec& training, const at::Tensor& like);

  /// One update of `values` [count] with `gradients` [count], each multiplied by `gradient_scale`
  /// first (clipping). `step` counts from 1, the first with moments of 0.
  void update(at::Tensor& values, const at::Tensor& gradients, double learning_rate,
              double gradient_scale, std::int64_t step);

  /// The same by LibTorch's own fused operations: what devices other than the CPU do. They write
  /// over `gradients`.
  void updateByOperations(at::Tensor& values, const at::Tensor& gradients, double learning_rate,
                          double gradient_scale, std::int64_t step);

  /// From the next update on.
  void setWeightDecay(double weight_decay) { m_training.weight_decay = weight_decay; }

  /// The state as named flat buffers: "m" and "v" of Adam, "momentum" of SGD with momentum.
  const std::vector<std::pair<std::string, at::Tensor>>& state() const { return m_state; }

 private:
  core::TrainingSpec m_training;
  std::vector<std::pair<std::string, at::Tensor>> m_state;
};

/// Euclidean norm of a flat float buffer, summed in double in a fixed order.
double euclideanNorm(const at::Tensor& flat);

/// PyTorch's clip_grad_norm_: max_norm / (norm + 1e-6), at most 1.
double clipScale(double norm, std::optional<double> max_norm);

}  // namespace anchorlens::engine
