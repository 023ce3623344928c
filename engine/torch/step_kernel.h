// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/model.h"
#include "engine/torch/training_batch.h"

#include <memory>
#include <optional>
#include <string>

namespace anchorlens::engine {

/// What a training step computes: the mean loss of a batch and its gradient.
class StepKernel {
 public:
  virtual ~StepKernel() = default;
  /// The path's name in experiments and provenance.
  virtual const std::string& name() const = 0;
  /// Trainer::kernelDetail()
  virtual std::string detail() const { return {}; }
  /// Mean cross-entropy at the readers. The gradient is written to Parameters::gradients().
  virtual double lossAndGradient(const TrainingBatch& batch) = 0;
  /// Euclidean, of the last gradient; where the kernel knows it already.
  virtual std::optional<double> gradientNorm() const { return std::nullopt; }
  /// No step is asked for in a while.
  virtual void rest() {}
  /// The same model without gradients, in float32, by the same path where it can.
  virtual const Model& model() const = 0;
};

/// The reference: the model's forward pass, differentiated by LibTorch. Takes every model and
/// device. With bfloat16 the model's linear maps are of that precision in a training step, with
/// TF32 all products; model() is float32.
class AutogradKernel final : public StepKernel {
 public:
  /// Both must outlive the kernel.
  AutogradKernel(const Model& model, Parameters& parameters,
                 core::TrainingSpec::Precision precision);
  const std::string& name() const override;
  double lossAndGradient(const TrainingBatch& batch) override;
  const Model& model() const override { return m_model; }

 private:
  const Model& m_model;
  Parameters& m_parameters;
  core::TrainingSpec::Precision m_precision;
};

/// Why the fast path cannot compute this model on this device; empty where it can.
std::string whyNotFast(const core::ModelSpec& spec, int seq_len, const at::Device& device);

/// The path that the experiment names; for "auto" the fast one wherever it can.
/// Throws c10::Error where the named one cannot.
std::unique_ptr<StepKernel> makeStepKernel(const core::ExperimentSpec& spec, const Model& model,
                                           Parameters& parameters, int seq_len);

}  // namespace anchorlens::engine
