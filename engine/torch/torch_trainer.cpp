// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/torch_trainer.h"

#include "engine/core/experiment/run_shape.h"
#include "engine/core/learning_rate.h"
#include "engine/session/precision.h"
#include "engine/torch/evaluation.h"
#include "engine/torch/fast/gemm.h"
#include "engine/torch/guard.h"
#include "engine/torch/inspection.h"

#include <cmath>

namespace anchorlens::engine {
namespace {

/// `what`: "Loss"
NonFinite nonFinite(const std::string& what, double value, std::int64_t step) {
  return NonFinite(what + " became " + (std::isnan(value) ? "NaN" : "infinite") + " at step " +
                   std::to_string(step) + ".");
}

std::string deviceName(const at::Device& device) {
  return device.str();
}

/// What is measured is float32 on every device, also while another thread trains in TF32.
template <typename Work>
auto measured(int threads, Work&& work) -> decltype(work()) {
  const at::NoTF32Guard exact;
  return guarded(threads, std::forward<Work>(work));
}

/// On a GPU one run is a fleet of one.
Parameters makeParameters(const core::ExperimentSpec& spec, const core::Task& task,
                          const at::Device& device, std::unique_ptr<FleetKernel>& member) {
  const std::string& wanted = spec.training.kernel;
  const bool is_fleet_of_one =
      wanted == "fleet" || (wanted == "auto" && device.is_cuda() && core::whyNoFleet(spec).empty());
  if (!member && is_fleet_of_one) {
    member = std::make_unique<FleetKernel>(std::make_shared<Fleet>(spec, 1, device), spec);
  }
  return member ? member->parameters()
                : Parameters(listParameters(spec.model, task.dVocab(), task.seqLen()), device);
}

}  // namespace

TorchTrainer::TorchTrainer(TrainerInput input, at::Device device,
                           std::unique_ptr<FleetKernel> member, BFloat16 bfloat16)
    : m_spec(std::move(input.spec)),
      m_task(input.task),
      m_device(device),
      m_device_name(deviceName(device)),
      m_why_no_step(whyNoStep(bfloat16)),
      m_parameters(makeParameters(m_spec, m_task, device, member)),
      m_optimizer(m_spec.training, m_parameters.values()),
      m_batches(m_spec, m_task, std::move(input.train)) {
  core::Random random(m_spec.training.seed, "init");
  m_parameters.initialise(m_spec.model.init, random);
  m_model = makeModel(m_spec.model, m_parameters);
  if (member) {
    member->setModel(*m_model);
    m_kernel = std::move(member);
  } else {
    m_kernel = makeStepKernel(m_spec, *m_model, m_parameters, m_task.seqLen());
  }
}

std::string TorchTrainer::whyNoStep(BFloat16 bfloat16) const {
  const bool is_bfloat16 = m_spec.training.precision == core::TrainingSpec::Precision::BFloat16;
  if (is_bfloat16 && m_device.is_cpu() && !fast::hasBFloat16Products()) {
    return "This LibTorch has no matrix products of bfloat16 for the CPU; expected precision "
           "float32.";
  }
  if (is_bfloat16 && bfloat16 == BFloat16::Emulated) {
    return {};
  }
  core::TrainingSpec here = m_spec.training;
  here.device = m_device_name;
  const auto problem = precisionProblem(here);
  return problem ? "Precision " + problem->message + "." : std::string();
}

std::int64_t TorchTrainer::totalSteps() const {
  const core::TrainingSpec& training = m_spec.training;
  return training.steps ? *training.steps : training.epochs.value_or(0) * stepsPerEpoch();
}

Result<core::StepMetrics> TorchTrainer::trainStep() {
  if (!m_why_no_step.empty()) {
    return core::Unexpected(EngineError{m_why_no_step, {}});
  }
  return guarded(m_spec.training.threads,
                 [&]() -> Result<core::StepMetrics> { return stepOrThrow(); });
}

core::StepMetrics TorchTrainer::stepOrThrow() {
  const Batches::Place place = m_batches.place();
  try {
    return takeStep();
  } catch (...) {
    m_batches.goBack(place);
    m_kernel->rest();
    throw;
  }
}

core::StepMetrics TorchTrainer::takeStep() {
  core::StepMetrics metrics;
  metrics.step = m_step + 1;
  metrics.learning_rate =
      m_in_effect.learning_rate.of(core::learningRate(m_spec.training, m_step, stepsPerEpoch()));
  const at::NoGradGuard no_grad;
  metrics.loss = stepKernel().lossAndGradient(m_batches.next());
  if (!std::isfinite(metrics.loss)) {
    throw nonFinite("Loss", metrics.loss, metrics.step);
  }
  std::vector<at::Tensor> frozen = frozenParts(m_parameters.gradients());
  for (at::Tensor& part : frozen) {
    part.zero_();
  }
  const std::optional<double> known = stepKernel().gradientNorm();
  metrics.grad_norm = known && frozen.empty() ? *known : euclideanNorm(m_parameters.gradients());
  if (!std::isfinite(metrics.grad_norm)) {
    throw nonFinite("The gradient", metrics.grad_norm, metrics.step);
  }
  update(metrics);
  ++m_step;
  if (m_step >= totalSteps()) {
    m_kernel->rest();
  }
  return metrics;
}

/// Frozen parameters keep their values and moments to the bit: they are put back.
void TorchTrainer::update(const core::StepMetrics& metrics) {
  std::vector<at::Tensor> frozen = frozenParts(m_parameters.values());
  for (const auto& [name, flat] : m_optimizer.state()) {
    const auto parts = frozenParts(flat);
    frozen.insert(frozen.end(), parts.begin(), parts.end());
  }
  std::vector<at::Tensor> kept;
  for (const at::Tensor& part : frozen) {
    kept.push_back(part.clone());
  }
  m_optimizer.update(m_parameters.values(), m_parameters.gradients(), metrics.learning_rate,
                     clipScale(metrics.grad_norm, m_spec.training.clip_norm),
                     metrics.step - m_moments_from);
  for (std::size_t i = 0; i < frozen.size(); ++i) {
    frozen[i].copy_(kept[i]);
  }
}

Result<std::vector<core::GroupMetrics>> TorchTrainer::evaluate(const core::SequenceSet& sequences) {
  return measured(m_spec.training.threads, [&]() -> Result<std::vector<core::GroupMetrics>> {
    return evaluateGroups(stepKernel().model(), sequences, m_device);
  });
}

Result<ForwardOutput> TorchTrainer::forward(const core::SequenceSet& sequences,
                                            bool with_patterns) {
  return measured(m_spec.training.threads, [&]() -> Result<ForwardOutput> {
    return forwardAll(stepKernel().model(), m_spec.model, sequences, with_patterns, m_device);
  });
}

Result<std::vector<float>> TorchTrainer::logits(const core::SequenceSet& sequences) {
  return measured(m_spec.training.threads, [&]() -> Result<std::vector<float>> {
    return logitsOf(stepKernel().model(), sequences, m_device);
  });
}

Result<InspectOutput> TorchTrainer::inspect(const core::SequenceSet& sequences,
                                            const InspectRequest& request) {
  return measured(m_spec.training.threads, [&]() -> Result<InspectOutput> {
    return inspectModel(*m_model, m_spec.model, sequences, request, m_device);
  });
}

std::vector<float> TorchTrainer::gradientsOf(const core::SequenceSet& sequences) {
  prepareThread(m_spec.training.threads);
  stepKernel().lossAndGradient(trainingBatchOf(sequences));
  const at::Tensor host = m_parameters.gradients().to(at::kCPU);
  return {host.data_ptr<float>(), host.data_ptr<float>() + host.numel()};
}

}  // namespace anchorlens::engine
