// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/step_kernel.h"

#include "engine/torch/fast/fast_kernel.h"

#include <algorithm>

namespace anchorlens::engine {

std::string whyNotFast(const core::ModelSpec& spec, int seq_len, const at::Device& device) {
  if (spec.kind != core::ModelSpec::Kind::Transformer) {
    return "it computes transformers only";
  }
  if (seq_len > fast::kMostPositions) {
    return "it takes sequences of at most " + std::to_string(fast::kMostPositions) +
           " tokens, and these have " + std::to_string(seq_len);
  }
  if (!device.is_cpu()) {
    return "it computes on the CPU only";
  }
  return {};
}

/// Larger batches are passed in parts, so that what a pass keeps stays in the caches. Every pass
/// reads the weights again: where they are large, fewer passes are faster.
int sequencesOfAPass(const core::ModelSpec& model, int seq_len) {
  constexpr int kMost = 512;
  constexpr int kFewest = 64;
  constexpr std::int64_t kSmallMatrix = 1 << 16;  // floats
  constexpr std::int64_t kInCache = 1 << 17;      // floats of the widest activation
  const std::int64_t widest = std::max<std::int64_t>(
      model.mlp ? model.d_mlp : 0, std::int64_t{3} * model.n_heads * model.d_head);
  if (widest * model.d_model > kSmallMatrix) {
    return kMost;
  }
  return static_cast<int>(std::clamp<std::int64_t>(kInCache / (widest * seq_len), kFewest, kMost));
}

std::unique_ptr<StepKernel> makeStepKernel(const core::ExperimentSpec& spec, const Model& model,
                                           Parameters& parameters, int seq_len) {
  const std::string& wanted = spec.training.kernel;
  const std::string reason = whyNotFast(spec.model, seq_len, parameters.values().device());
  TORCH_CHECK(wanted != "fast" || reason.empty(), "Kernel 'fast' cannot train this: ", reason,
              ". Expected 'auto' or 'autograd'.");
  if (wanted == "autograd" || !reason.empty()) {
    return std::make_unique<AutogradKernel>(model, parameters, spec.training.precision);
  }
  return std::make_unique<FastKernel>(
      spec, model, parameters,
      std::min(spec.training.batch_size, sequencesOfAPass(spec.model, seq_len)), seq_len);
}

}  // namespace anchorlens::engine
