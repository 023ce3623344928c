// SPDX-License-Identifier: GPL-3.0-or-later
// What holds of a training that is changed while it goes on: docs/interventions.md.
#include "engine/torch/guard.h"
#include "engine/torch/torch_trainer.h"
#include "engine/torch/transformer.h"

namespace anchorlens::engine {
namespace {

/// The head's rows of W_Q, W_K, W_V and their biases, its columns of W_O; as views of a buffer that
/// is laid out like the parameters.
void addHeadParts(const at::Tensor& flat, const ParameterInfo& info, const core::HeadRef& head,
                  std::int64_t d_head, std::vector<at::Tensor>& parts) {
  const std::string attention = "layers." + std::to_string(head.layer) + ".attn.";
  if (!info.name.starts_with(attention)) {
    return;
  }
  const std::string name = info.name.substr(attention.size());
  if (name == "o.bias") {
    return;  // it belongs to no head
  }
  const at::Tensor whole = flat.narrow(0, info.offset, info.count).view(info.shape);
  const std::int64_t axis = name == "o.weight" ? 1 : 0;
  parts.push_back(whole.narrow(axis, head.head * d_head, d_head));
}

}  // namespace

std::vector<at::Tensor> TorchTrainer::frozenParts(const at::Tensor& flat) const {
  std::vector<at::Tensor> parts;
  for (const core::HeadRef& head : m_in_effect.frozen) {
    for (const ParameterInfo& info : m_parameters.infos()) {
      addHeadParts(flat, info, head, m_spec.model.d_head, parts);
    }
  }
  return parts;
}

Result<void> TorchTrainer::setInEffect(const core::InEffect& now) {
  if (now == m_in_effect) {
    return {};
  }
  return guarded(m_spec.training.threads, [&]() -> Result<void> {
    auto* transformer = dynamic_cast<Transformer*>(m_model.get());
    if (transformer == nullptr && (now.changesModel() || !now.frozen.empty())) {
      return core::Unexpected(
          EngineError{"Only a transformer's heads and layers can be changed.", {}});
    }
    const at::NoGradGuard no_grad;
    if (transformer != nullptr) {
      transformer->setInEffect(now);
    }
    if (const auto why = m_batches.setMixture(now.mixture)) {
      if (transformer != nullptr) {
        transformer->setInEffect(m_in_effect);
      }
      return core::Unexpected(EngineError{*why, {}});
    }
    m_optimizer.setWeightDecay(now.weight_decay.of(m_spec.training.weight_decay));
    if (!now.changesModel()) {
      m_changed_kernel.reset();
    } else if (!m_changed_kernel) {
      m_changed_kernel =
          std::make_unique<AutogradKernel>(*m_model, m_parameters, m_spec.training.precision);
      m_kernel->rest();
    }
    m_in_effect = now;
    return {};
  });
}

}  // namespace anchorlens::engine
