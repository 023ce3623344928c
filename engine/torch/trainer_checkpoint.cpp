// SPDX-License-Identifier: GPL-3.0-or-later
// Snapshot and restore of a trainer. Names and shapes: docs/format_tensors.md.
#include "engine/core/store/checkpoint_folder.h"
#include "engine/torch/guard.h"
#include "engine/torch/torch_trainer.h"

#include <charconv>
#include <cstring>

namespace anchorlens::engine {
namespace {

const std::string kOptimizerPrefix{core::kOptimizerPrefix};
constexpr const char* kMomentsFrom = "moments_from";

core::Tensor toTensor(const std::string& name, const std::vector<std::int64_t>& shape,
                      const float* values, std::int64_t count) {
  core::Tensor tensor{name, core::DType::F32, shape, {}};
  tensor.data.resize(static_cast<std::size_t>(count) * sizeof(float));
  std::memcpy(tensor.data.data(), values, tensor.data.size());
  return tensor;
}

/// A step of the metadata; empty when there is none of that key.
std::optional<std::int64_t> stepIn(const core::Checkpoint& checkpoint, const char* key) {
  const auto found = checkpoint.metadata.find(key);
  if (found == checkpoint.metadata.end()) {
    return std::nullopt;
  }
  const std::string& text = found->second;
  std::int64_t step = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), step);
  if (error != std::errc() || end != text.data() + text.size() || step < 0) {
    return std::nullopt;
  }
  return step;
}

/// Copies the tensors `prefix` + name into a flat buffer on its device.
void loadFlat(const core::Checkpoint& checkpoint, const std::vector<ParameterInfo>& infos,
              const std::string& prefix, at::Tensor& flat) {
  at::Tensor host = at::empty({flat.numel()}, at::kFloat);
  for (const ParameterInfo& info : infos) {
    const core::Tensor* tensor = checkpoint.find(prefix + info.name);
    std::memcpy(host.data_ptr<float>() + info.offset, tensor->data.data(), tensor->data.size());
  }
  flat.copy_(host);
}

}  // namespace

std::vector<core::TensorShape> TorchTrainer::tensorShapes(bool with_optimizer) const {
  std::vector<core::TensorShape> shapes;
  for (const ParameterInfo& info : m_parameters.infos()) {
    shapes.push_back({info.name, core::DType::F32, info.shape});
  }
  if (with_optimizer) {
    for (const auto& [part, flat] : m_optimizer.state()) {
      for (const ParameterInfo& info : m_parameters.infos()) {
        shapes.push_back({kOptimizerPrefix + part + "." + info.name, core::DType::F32, info.shape});
      }
    }
  }
  return shapes;
}

Result<core::Checkpoint> TorchTrainer::snapshot(bool with_optimizer) {
  return guarded(m_spec.training.threads, [&]() -> Result<core::Checkpoint> {
    core::Checkpoint checkpoint;
    checkpoint.metadata = m_batches.state();
    checkpoint.metadata["step"] = std::to_string(m_step);
    checkpoint.metadata["epoch"] = std::to_string(m_step / stepsPerEpoch());
    const auto add = [&](const std::string& prefix, const at::Tensor& flat) {
      const at::Tensor host = flat.to(at::kCPU);
      for (const ParameterInfo& info : m_parameters.infos()) {
        checkpoint.tensors.push_back(toTensor(prefix + info.name, info.shape,
                                              host.data_ptr<float>() + info.offset, info.count));
      }
    };
    add("", m_parameters.values());
    if (with_optimizer) {
      for (const auto& [part, flat] : m_optimizer.state()) {
        add(kOptimizerPrefix + part + ".", flat);
      }
      if (m_moments_from > 0) {
        checkpoint.metadata[kMomentsFrom] = std::to_string(m_moments_from);
      }
    }
    return checkpoint;
  });
}

Result<void> TorchTrainer::restore(const core::Checkpoint& checkpoint) {
  return guarded(m_spec.training.threads, [&]() -> Result<void> {
    const at::NoGradGuard no_grad;
    const bool with_optimizer = core::hasOptimizerTensors(checkpoint);
    const auto checked = core::checkTensors({}, checkpoint, tensorShapes(with_optimizer));
    if (!checked) {
      return core::Unexpected(EngineError{checked.error().text(), {}});
    }
    const std::optional<std::int64_t> step = stepIn(checkpoint, "step");
    if (!step) {
      return core::Unexpected(
          EngineError{"The checkpoint does not say its step. Nothing was loaded.", {}});
    }
    if (!m_batches.restore(checkpoint.metadata, *step) && with_optimizer) {
      return core::Unexpected(EngineError{
          "The checkpoint's generator states are missing or damaged. Nothing was loaded.", {}});
    }
    loadFlat(checkpoint, m_parameters.infos(), "", m_parameters.values());
    for (const auto& [part, flat] : m_optimizer.state()) {
      at::Tensor state = flat;
      if (with_optimizer) {
        loadFlat(checkpoint, m_parameters.infos(), kOptimizerPrefix + part + ".", state);
      } else {
        state.zero_();  // moments of other weights would be worse than none
      }
    }
    m_step = *step;
    m_moments_from = with_optimizer ? stepIn(checkpoint, kMomentsFrom).value_or(0) : *step;
    return {};
  });
}

}  // namespace anchorlens::engine
