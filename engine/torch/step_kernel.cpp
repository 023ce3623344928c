// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/step_kernel.h"

#include "engine/torch/fast/fast_kernel.h"

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

std::unique_ptr<StepKernel> makeStepKernel(const core::ExperimentSpec& spec, const Model& model,
                                           Parameters& parameters, int seq_len) {
  const std::string& wanted = spec.training.kernel;
  const std::string reason = whyNotFast(spec.model, seq_len, parameters.values().device());
  TORCH_CHECK(wanted != "fast" || reason.empty(), "Kernel 'fast' cannot train this: ", reason,
              ". Expected 'auto' or 'autograd'.");
  if (wanted == "autograd" || !reason.empty()) {
    return std::make_unique<AutogradKernel>(model, parameters, spec.training.precision);
  }
  // Larger batches are passed in parts: what a pass keeps stays in the caches.
  constexpr int kMostSequences = 512;
  return std::make_unique<FastKernel>(spec, model, parameters,
                                      std::min(spec.training.batch_size, kMostSequences), seq_len);
}

}  // namespace anchorlens::engine
