// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/model.h"
#include "engine/torch/training_batch.h"

#include <memory>
#include <string>

namespace anchorlens::engine {

/// What a training step computes: the mean loss of a batch and its gradient.
class StepKernel {
 public:
  virtual ~StepKernel() = default;
  /// The path's name in experiments and provenance.
  virtual const std::string& name() const = 0;
  /// Mean cross-entropy at the readers. The gradient is written to Parameters::gradients().
  virtual double lossAndGradient(const TrainingBatch& batch) = 0;
};

/// The reference: the model's forward pass, differentiated by LibTorch. Takes every model and
/// device.
class AutogradKernel final : public StepKernel {
 public:
  /// Both must outlive the kernel.
  AutogradKernel(const Model& model, Parameters& parameters);
  const std::string& name() const override;
  double lossAndGradient(const TrainingBatch& batch) override;

 private:
  const Model& m_model;
  Parameters& m_parameters;
};

}  // namespace anchorlens::engine
