// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/cuda_products.h"
#include "engine/torch/linear.h"
#include "engine/torch/step_kernel.h"

namespace anchorlens::engine {
namespace {

/// As int64 on the device. Shape: `shape`
at::Tensor onDevice(const std::vector<std::int32_t>& values, at::IntArrayRef shape,
                    at::Device device) {
  at::Tensor host = at::empty(shape, at::kLong);
  std::copy(values.begin(), values.end(), host.data_ptr<std::int64_t>());
  return host.to(device);
}

}  // namespace

AutogradKernel::AutogradKernel(const Model& model, Parameters& parameters,
                               core::TrainingSpec::Precision precision)
    : m_model(model), m_parameters(parameters), m_precision(precision) {}

const std::string& AutogradKernel::name() const {
  static const std::string kName = "autograd";
  return kName;
}

double AutogradKernel::lossAndGradient(const TrainingBatch& batch) {
  const at::Device device = m_parameters.values().device();
  const at::AutoGradMode grad(true);
  const LinearPrecision precision(m_precision);
  const CudaProducts products(m_precision, device);
  m_parameters.gradients().zero_();
  const Batch on_device{onDevice(batch.tokens, {batch.size(), batch.seq_len}, device),
                        onDevice(batch.readers, {batch.size()}, device), batch.is_padded};
  const at::Tensor loss =
      at::cross_entropy_loss(m_model.forward(on_device, Capture::Nothing).logits,
                             onDevice(batch.targets, {batch.size()}, device));
  const auto value = loss.item<double>();
  if (std::isfinite(value)) {
    loss.backward();
  }
  return value;
}

}  // namespace anchorlens::engine
