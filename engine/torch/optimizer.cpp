// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/optimizer.h"

#include "engine/torch/flat_loops.h"
#include "engine/torch/parameters.h"

#include <algorithm>
#include <cmath>

namespace anchorlens::engine {
namespace {

using Kind = core::TrainingSpec::Optimizer;

}  // namespace

Optimizer::Optimizer(const core::TrainingSpec& training, const at::Tensor& like)
    : m_training(training) {
  const auto zeros = [&like] { return flatZeros(like.numel(), like.device()); };
  if (training.optimizer != Kind::Sgd) {
    m_state.emplace_back("m", zeros());
    m_state.emplace_back("v", zeros());
  } else if (training.momentum != 0.0) {
    m_state.emplace_back("momentum", zeros());
  }
}

void Optimizer::update(at::Tensor& values, const at::Tensor& gradients, double learning_rate,
                       double gradient_scale, std::int64_t step) {
  if (!values.device().is_cpu()) {
    updateByOperations(values, gradients, learning_rate, gradient_scale, step);
    return;
  }
  const std::int64_t count = values.numel();
  if (m_training.optimizer == Kind::Sgd) {
    const SgdStep sgd{learning_rate, m_training.weight_decay, m_training.momentum, gradient_scale,
                      step == 1};
    at::Tensor* momentum = m_state.empty() ? nullptr : &m_state[0].second;
    sgdStep(sgd, count, values.data_ptr<float>(), gradients.data_ptr<float>(),
            momentum == nullptr ? nullptr : momentum->data_ptr<float>());
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
  adamStep(adam, count, values.data_ptr<float>(), gradients.data_ptr<float>(), m.data_ptr<float>(),
           v.data_ptr<float>());
}

void Optimizer::updateByOperations(at::Tensor& values, const at::Tensor& gradients,
                                   double learning_rate, double gradient_scale, std::int64_t step) {
  const at::TensorOptions number = values.options().dtype(at::kFloat);
  std::optional<at::Tensor> divisor;  // the operations divide the gradient
  if (gradient_scale != 1.0) {
    divisor = at::full({}, 1.0 / gradient_scale, number);
  }
  const std::vector<at::Tensor> p{values};
  const std::vector<at::Tensor> g{gradients};
  if (m_training.optimizer == Kind::Sgd) {
    std::vector<at::Tensor> momentum;
    if (!m_state.empty()) {
      momentum.push_back(m_state[0].second);
    }
    at::_fused_sgd_(p, g, momentum, m_training.weight_decay, m_training.momentum, learning_rate,
                    /*dampening=*/0, /*nesterov=*/false, /*maximize=*/false,
                    /*is_first_step=*/step == 1 && !momentum.empty(), divisor);
    return;
  }
  const std::vector<at::Tensor> m{m_state[0].second};
  const std::vector<at::Tensor> v{m_state[1].second};
  const std::vector<at::Tensor> t{at::full({}, static_cast<double>(step), number)};
  const auto fused = [&](auto&& operation) {
    operation(p, g, m, v, std::vector<at::Tensor>{}, t, learning_rate, m_training.betas[0],
              m_training.betas[1], m_training.weight_decay, m_training.eps, /*amsgrad=*/false,
              /*maximize=*/false, divisor);
  };
  if (m_training.optimizer == Kind::AdamW) {
    fused([](auto&&... all) { at::_fused_adamw_(all...); });
  } else {
    fused([](auto&&... all) { at::_fused_adam_(all...); });
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
