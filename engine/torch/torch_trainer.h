// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/intervention.h"
#include "engine/session.h"
#include "engine/torch/batches.h"
#include "engine/torch/fleet.h"
#include "engine/torch/optimizer.h"
#include "engine/torch/step_kernel.h"

namespace anchorlens::engine {

/// Where bfloat16 is trained in. Emulated is for tests: the same numbers on a processor without the
/// instructions, and nothing gained.
enum class BFloat16 : std::uint8_t { WithInstructions, Emulated };

/// The Trainer over LibTorch: flat parameters, a kernel for loss and gradient, one fused update
/// a step. What LibTorch
/// throws ends here as an EngineError.
class TorchTrainer final : public Trainer {
 public:
  /// With a `member` its tensors are that seat's, and `device` is the fleet's. Throws c10::Error;
  /// createTrainer catches. Where the experiment's precision cannot be trained in, the weights can
  /// be looked at (that is float32 always), and a step is an error.
  TorchTrainer(TrainerInput input, at::Device device, std::unique_ptr<FleetKernel> member = nullptr,
               BFloat16 bfloat16 = BFloat16::WithInstructions);

  std::int64_t step() const override { return m_step; }
  std::int64_t stepsPerEpoch() const override { return m_batches.stepsPerEpoch(); }
  std::int64_t totalSteps() const override;
  std::int64_t parameterCount() const override { return m_parameters.count(); }
  const std::string& kernel() const override { return stepKernel().name(); }
  std::string kernelDetail() const override { return stepKernel().detail(); }
  const std::string& device() const override { return m_device_name; }

  Result<void> setInEffect(const core::InEffect& now) override;
  Result<core::StepMetrics> trainStep() override;
  Result<std::vector<core::GroupMetrics>> evaluate(const core::SequenceSet& sequences) override;
  Result<ForwardOutput> forward(const core::SequenceSet& sequences, bool with_patterns) override;
  Result<std::vector<float>> logits(const core::SequenceSet& sequences) override;
  Result<InspectOutput> inspect(const core::SequenceSet& sequences,
                                const InspectRequest& request) override;
  Result<core::Checkpoint> snapshot(bool with_optimizer) override;
  Result<void> restore(const core::Checkpoint& checkpoint) override;
  std::vector<core::TensorShape> tensorShapes(bool with_optimizer) const override;

  /// Gradients of the mean loss of these sequences at the current weights, in the order of the
  /// flat buffer; nothing is updated. For tests. Throws c10::Error. Shape: [parameters]
  std::vector<float> gradientsOf(const core::SequenceSet& sequences);
  Parameters& parameters() { return m_parameters; }

 private:
  /// Why no step can be taken; empty where one can.
  std::string whyNoStep(BFloat16 bfloat16) const;
  core::StepMetrics stepOrThrow();
  core::StepMetrics takeStep();
  void update(const core::StepMetrics& metrics);
  /// The experiment's; the reference's while the model is changed, which no other path computes.
  StepKernel& stepKernel() const { return m_changed_kernel ? *m_changed_kernel : *m_kernel; }
  std::vector<at::Tensor> frozenParts(const at::Tensor& flat) const;

  core::ExperimentSpec m_spec;
  core::Task m_task;
  at::Device m_device;
  std::string m_device_name;
  std::string m_why_no_step;
  Parameters m_parameters;
  std::unique_ptr<Model> m_model;
  std::unique_ptr<StepKernel> m_kernel;
  std::unique_ptr<StepKernel> m_changed_kernel;
  core::InEffect m_in_effect;
  Optimizer m_optimizer;
  std::int64_t m_moments_from = 0;  ///< the step at which they were 0
  Batches m_batches;
  std::int64_t m_step = 0;
};

}  // namespace anchorlens::engine
