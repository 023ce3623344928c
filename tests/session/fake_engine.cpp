// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/session/fake_engine.h"

#include "engine/core/intervention.h"
#include "engine/core/random.h"
#include "engine/inspect.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <new>
#include <thread>

namespace anchorlens::tests {
namespace {

using core::Checkpoint;
using engine::EngineError;
using engine::Result;

constexpr std::size_t kWeights = 4;

EngineError noMemory() {
  return {"There is not enough memory for this.", {}, EngineError::Cause::Memory};
}

core::Tensor tensorOf(const std::string& name, const std::vector<float>& values) {
  core::Tensor tensor{name, core::DType::F32, {static_cast<std::int64_t>(values.size())}, {}};
  tensor.data.resize(values.size() * sizeof(float));
  std::memcpy(tensor.data.data(), values.data(), tensor.data.size());
  return tensor;
}

bool readTensor(const Checkpoint& checkpoint, const std::string& name, std::vector<float>& values) {
  const core::Tensor* tensor = checkpoint.find(name);
  if (tensor == nullptr || tensor->data.size() != values.size() * sizeof(float)) {
    return false;
  }
  std::memcpy(values.data(), tensor->data.data(), tensor->data.size());
  return true;
}

class FakeTrainer final : public engine::Trainer {
 public:
  FakeTrainer(FakeEngine& engine, engine::TrainerInput input)
      : m_engine(engine),
        m_input(std::move(input)),
        m_random(m_input.spec.training.seed, "shuffle") {}

  std::int64_t step() const override { return m_step; }
  std::int64_t stepsPerEpoch() const override { return 10; }
  std::int64_t totalSteps() const override { return m_input.spec.training.steps.value_or(100); }
  std::int64_t parameterCount() const override { return kWeights; }
  const std::string& kernel() const override {
    return m_in_effect.changesModel() ? m_changed_kernel : m_kernel;
  }
  const std::string& device() const override { return m_device; }

  Result<void> setInEffect(const core::InEffect& now) override {
    if (m_engine.behaviour.no_memory_to_change && now.changesModel()) {
      return core::Unexpected(noMemory());
    }
    m_in_effect = now;
    return {};
  }

  Result<core::StepMetrics> trainStep() override {
    if (m_engine.behaviour.nan_at && m_step + 1 >= *m_engine.behaviour.nan_at) {
      return core::Unexpected(
          EngineError{"Loss became NaN at step " + std::to_string(m_step + 1) + ".",
                      {},
                      EngineError::Cause::Numbers});
    }
    if (m_engine.behaviour.no_memory_at && m_step + 1 >= *m_engine.behaviour.no_memory_at) {
      return core::Unexpected(noMemory());
    }
    if (m_engine.behaviour.step_time.count() > 0) {
      std::this_thread::sleep_for(m_engine.behaviour.step_time);
    }
    ++m_engine.steps_taken;
    const double rate_now = m_in_effect.learning_rate.of(m_input.spec.training.learning_rate);
    const auto rate = static_cast<float>(rate_now) * changed();
    for (std::size_t i = 0; i < kWeights; ++i) {
      m_moments[i] = 0.9F * m_moments[i] + static_cast<float>(m_random.normal());
      m_weights[i] = m_weights[i] * 0.99F - rate * m_moments[i];
    }
    ++m_step;
    return core::StepMetrics{m_step, static_cast<double>(m_weights[0]) + 10, 1.0, rate_now};
  }

  Result<std::vector<core::GroupMetrics>> evaluate(const core::SequenceSet& sequences) override {
    std::map<std::int32_t, std::int64_t> sizes;
    for (const std::int32_t group : sequences.groups) {
      ++sizes[group];
    }
    std::vector<core::GroupMetrics> groups;
    for (const auto& [group, n] : sizes) {
      groups.push_back({group, n, m_engine.behaviour.accuracy(m_step), double{changed()}});
    }
    return groups;
  }

  Result<engine::ForwardOutput> forward(const core::SequenceSet& sequences,
                                        bool with_patterns) override;

  Result<std::vector<float>> logits(const core::SequenceSet& sequences) override {
    return std::vector<float>(sequences.size() *
                              static_cast<std::size_t>(m_input.spec.task.d_vocab));
  }

  Result<engine::InspectOutput> inspect(const core::SequenceSet& sequences,
                                        const engine::InspectRequest& request) override;

  Result<Checkpoint> snapshot(bool with_optimizer) override {
    Checkpoint checkpoint;
    checkpoint.metadata = {{"step", std::to_string(m_step)}, {"shuffle", m_random.stateText()}};
    checkpoint.tensors.push_back(tensorOf("w", m_weights));
    if (with_optimizer) {
      checkpoint.tensors.push_back(tensorOf("optimizer.m", m_moments));
    }
    return checkpoint;
  }

  Result<void> restore(const Checkpoint& checkpoint) override {
    if (!readTensor(checkpoint, "w", m_weights)) {
      return core::Unexpected(EngineError{"The tensor \"w\" is missing.", {}});
    }
    if (readTensor(checkpoint, "optimizer.m", m_moments)) {
      m_random.setStateText(checkpoint.metadata.at("shuffle"));
    }
    m_step = std::stoll(checkpoint.metadata.at("step"));
    return {};
  }

  std::vector<core::TensorShape> tensorShapes(bool with_optimizer) const override {
    std::vector<core::TensorShape> shapes{{"w", core::DType::F32, {kWeights}}};
    if (with_optimizer) {
      shapes.push_back({"optimizer.m", core::DType::F32, {kWeights}});
    }
    return shapes;
  }

 private:
  /// 1, and more while the model is changed.
  float changed() const {
    float sum = 1.0F + static_cast<float>(m_in_effect.ablated.size() + m_in_effect.off.size());
    for (const auto& clamped : m_in_effect.clamped) {
      sum += clamped.pattern->at(0);
    }
    return sum;
  }

  FakeEngine& m_engine;
  engine::TrainerInput m_input;
  core::Random m_random;
  std::vector<float> m_weights = std::vector<float>(kWeights, 1.0F);
  std::vector<float> m_moments = std::vector<float>(kWeights, 0.0F);
  std::int64_t m_step = 0;
  core::InEffect m_in_effect;
  std::string m_kernel = "fake";
  std::string m_changed_kernel = "fake, changed";
  std::string m_device = "cpu";
};

/// Rows that spread evenly over what they see, mixed with a look one position back.
void fillHead(float* cells, int seq_len, double shift) {
  for (int q = 0; q < seq_len; ++q) {
    for (int k = 0; k <= q; ++k) {
      cells[q * seq_len + k] = static_cast<float>((1 - shift) / (q + 1));
    }
    const int target = q == 0 ? 0 : q - 1;
    cells[q * seq_len + target] += static_cast<float>(shift);
  }
}

Result<engine::ForwardOutput> FakeTrainer::forward(const core::SequenceSet& sequences,
                                                   bool with_patterns) {
  if (m_engine.behaviour.no_memory_to_look && with_patterns) {
    return core::Unexpected(noMemory());
  }
  engine::ForwardOutput output;
  output.predictions.resize(sequences.size());
  output.losses.assign(sequences.size(), 1.0F);
  output.correct.assign(sequences.size(), 1);
  if (!with_patterns) {
    return output;
  }
  core::PatternBatch& patterns = output.patterns;
  patterns.n = sequences.size();
  patterns.n_layers = m_input.spec.model.n_layers;
  patterns.n_heads = m_input.spec.model.n_heads;
  patterns.seq_len = sequences.seq_len;
  patterns.pattern.assign(patterns.n * patterns.heads() * patterns.cells(), 0.0F);
  for (std::size_t i = 0; i < patterns.n; ++i) {
    for (std::size_t head = 0; head < patterns.heads(); ++head) {
      const bool is_first = head < static_cast<std::size_t>(patterns.n_heads);
      fillHead(patterns.pattern.data() + (i * patterns.heads() + head) * patterns.cells(),
               patterns.seq_len, is_first ? m_engine.behaviour.shift(m_step) : 0.0);
    }
  }
  return output;
}

bool hasHead00(const std::vector<engine::HeadRef>& heads) {
  return std::find(heads.begin(), heads.end(), engine::HeadRef{0, 0}) != heads.end();
}

/// The loss of answers; 1 where head 0.0 works: each change of it has its own.
float lossOf(const engine::InspectRequest& request) {
  const bool is_patched = std::any_of(
      request.patches.begin(), request.patches.end(),
      [](const engine::Patch& patch) { return patch.layer == 0 && patch.head.value_or(-1) == 0; });
  const bool is_cut =
      std::any_of(request.edges.begin(), request.edges.end(),
                  [](const engine::EdgeRef& edge) { return edge.layer == 0 && edge.head == 0; });
  if (hasHead00(request.zeroed)) {
    return 4.0F;
  }
  if (hasHead00(request.averaged)) {
    return 3.0F;
  }
  if (is_patched) {
    return 2.5F;
  }
  if (is_cut) {
    return request.renormalise ? 1.5F : 2.0F;
  }
  return 1.0F;
}

/// Every answer is right as long as head 0.0 works.
Result<engine::InspectOutput> FakeTrainer::inspect(const core::SequenceSet& sequences,
                                                   const engine::InspectRequest& request) {
  std::this_thread::sleep_for(m_engine.behaviour.inspect_time);
  auto forward = this->forward(sequences, true);
  if (!forward) {
    return core::Unexpected(forward.error());
  }
  engine::InspectOutput output;
  output.patterns = std::move(forward->patterns);
  output.predictions = std::move(forward->predictions);
  const float loss = lossOf(request);
  const bool is_right = loss <= 1;
  output.correct.assign(sequences.size(), is_right ? 1 : 0);
  output.losses.assign(sequences.size(), loss);
  output.logit_differences.assign(sequences.size(), is_right ? 2.0F : -2.0F);
  output.d_vocab = m_input.spec.task.d_vocab;
  const auto width = static_cast<std::size_t>(output.d_vocab);
  output.logits.assign(sequences.size() * width, 0.0F);
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    const auto answer = static_cast<std::size_t>(sequences.targets[i]);
    output.logits[i * width + (is_right ? answer : (answer + 1) % width)] = 1.0F;
  }
  if (request.want_head_outputs) {
    output.n_layers = output.patterns.n_layers;
    output.n_heads = output.patterns.n_heads;
    output.seq_len = sequences.seq_len;
    output.d_head = 1;
    output.head_outputs.assign(
        sequences.size() * output.heads() * static_cast<std::size_t>(sequences.seq_len), 0.0F);
  }
  return output;
}

}  // namespace

Result<std::unique_ptr<engine::Trainer>> FakeEngine::createTrainer(engine::TrainerInput input) {
  if (behaviour.no_memory_at == 0) {
    throw std::bad_alloc();
  }
  ++trainers_made;
  return std::unique_ptr<engine::Trainer>(std::make_unique<FakeTrainer>(*this, std::move(input)));
}

std::string weightsOf(engine::Trainer& trainer) {
  const auto checkpoint = trainer.snapshot(true);
  std::string text = std::to_string(trainer.step()) + " " + checkpoint->metadata.at("shuffle");
  for (const core::Tensor& tensor : checkpoint->tensors) {
    for (const std::byte byte : tensor.data) {
      text += " " + std::to_string(std::to_integer<int>(byte));
    }
  }
  return text;
}

}  // namespace anchorlens::tests
