// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/optimizer.h"

#include "engine/torch/flat_loops.h"

#include <algorithm>
#include <cmath>

namespace anchorlens::engine {
namespace {

using Kind = core::TrainingSpec::Optimizer;

/// The same formulas by tensor operations, for devices other than the CPU.
void adamOnDevice(const AdamStep& step, at::Tensor& values, const at::Tensor& gradients,
                  at::Tensor& m, at::Tensor& v) {
  // All memory before the first change: running out of it leaves everything as it was.
  at::Tensor g = gradients * step.gradient_scale;
  at::Tensor root = at::empty_like(v);
  if (step.decoupled_decay) {
    values.mul_(1.0 - step.learning_rate * step.weight_decay);
  } else {
    g.add_(values, step.weight_decay);
  }
  m.mul_(step.beta1).add_(g, 1.0 - step.beta1);
  v.mul_(step.beta2).addcmul_(g, g, 1.0 - step.beta2);
  at::sqrt_out(root, v).div_(std::sqrt(step.correction2)).add_(step.eps);
  values.addcdiv_(m, root, -step.learning_rate / step.correction1);
}

void sgdOnDevice(const SgdStep& step, at::Tensor& values, const at::Tensor& gradients,
                 at::Tensor* momentum) {
  at::Tensor g = gradients * step.gradient_scale;
  g.add_(values, step.weight_decay);
  if (momentum != nullptr) {
    if (step.is_first) {
      momentum->copy_(g);
    } else {
      momentum->mul_(step.momentum).add_(g);
    }
    g = *momentum;
  }
  values.add_(g, -step.learning_rate);
}

}  // namespace

Optimizer::Optimizer(const core::TrainingSpec& training, const at::Tensor& like)
    : m_training(training) {
  if (training.optimizer != Kind::Sgd) {
    m_state.emplace_back("m", at::zeros_like(like));
    m_state.emplace_back("v", at::zeros_like(like));
  } else if (training.momentum != 0.0) {
    m_state.emplace_back("momentum", at::zeros_like(like));
  }
}

void Optimizer::update(at::Tensor& values, const at::Tensor& gradients, double learning_rate,
                       double gradient_scale, std::int64_t step) {
  const std::int64_t count = values.numel();
  const bool on_cpu = values.device().is_cpu();
  if (m_training.optimizer == Kind::Sgd) {
    const SgdStep sgd{learning_rate, m_training.weight_decay, m_training.momentum, gradient_scale,
                      step == 1};
    at::Tensor* momentum = m_state.empty() ? nullptr : &m_state[0].second;
    if (on_cpu) {
      sgdStep(sgd, count, values.data_ptr<float>(), gradients.data_ptr<float>(),
              momentum == nullptr ? nullptr : momentum->data_ptr<float>());
    } else {
      sgdOnDevice(sgd, values, gradients, momentum);
    }
    return;
  }
  const auto t = static_cast<double>(step);
  const AdamStep adam{learning_rate,
                      m_training.weight_decay,
                      m_training.betas[0],
                      m_training.betas[1],
                      m_training.eps,
                      1.0 - std::pow(m_training.betas[0], t),
                      1.0 - std::pow(m_training.betas[1], t),
                      gradient_scale,
                      m_training.optimizer == Kind::AdamW};
  at::Tensor& m = m_state[0].second;
  at::Tensor& v = m_state[1].second;
  if (on_cpu) {
    adamStep(adam, count, values.data_ptr<float>(), gradients.data_ptr<float>(),
             m.data_ptr<float>(), v.data_ptr<float>());
  } else {
    adamOnDevice(adam, values, gradients, m, v);
  }
}

double euclideanNorm(const at::Tensor& flat) {
  if (flat.device().is_cpu()) {
    return std::sqrt(sumOfSquares(flat.numel(), flat.data_ptr<float>()));
  }
  return flat.to(at::kDouble).norm().item<double>();
}

double clipScale(double norm, std::optional<double> max_norm) {
  return max_norm ? std::min(1.0, *max_norm / (norm + 1e-6)) : 1.0;
}

}  // namespace anchorlens::engine
