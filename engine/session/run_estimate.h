// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <cstdint>
#include <string>

namespace anchorlens::engine {

/// What a run will hold, before it starts; without the frames around jumps and the checkpoints by
/// time, which cannot be known.
struct RunEstimate {
  std::int64_t steps = 0;
  std::int64_t parameters = 0;
  std::int64_t frames = 0;
  std::int64_t checkpoints = 0;
  double bytes = 0;  ///< of the run directory, frames before compression
};
RunEstimate estimateRun(const core::ExperimentSpec& spec);

/// Bytes of memory that training needs, roughly: weights, gradients, the optimiser's moments, the
/// activations of one batch and the stored sequences. Without the program and LibTorch.
std::int64_t trainingBytes(const core::ExperimentSpec& spec);

/// "0 bytes", "1.2 kB", "68 MB"
std::string bytesText(double bytes);

}  // namespace anchorlens::engine
