// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/inspect.h"
#include "engine/session.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace anchorlens::tests {

/// A model of 2 x 2 heads whose answers are known by hand: right while head 0.0 works, its key
/// reads its anchor there (the edge of the key's row with the anchor's column), and one of 1.0 and
/// 1.1 works. Attention is even. Only inspect() does anything.
class MadeTrainer final : public engine::Trainer {
 public:
  MadeTrainer(const core::ExperimentSpec& spec, const core::SequenceSet& set)
      : m_model(spec.model), m_set(set) {}

  std::size_t wrong_anyway = 0;  ///< the first sequences
  int calls = 0;

  std::int64_t step() const override { return 7; }
  std::int64_t stepsPerEpoch() const override { return 1; }
  std::int64_t totalSteps() const override { return 7; }
  std::int64_t parameterCount() const override { return 0; }
  const std::string& kernel() const override { return m_name; }
  const std::string& device() const override { return m_name; }
  engine::Result<core::StepMetrics> trainStep() override { return none(); }
  engine::Result<std::vector<core::GroupMetrics>> evaluate(
      const core::SequenceSet& /*sequences*/) override {
    return none();
  }
  engine::Result<engine::ForwardOutput> forward(const core::SequenceSet& /*sequences*/,
                                                bool /*with_patterns*/) override {
    return none();
  }
  engine::Result<std::vector<float>> logits(const core::SequenceSet& /*sequences*/) override {
    return none();
  }
  engine::Result<core::Checkpoint> snapshot(bool /*with_optimizer*/) override { return none(); }
  engine::Result<void> restore(const core::Checkpoint& /*checkpoint*/) override { return none(); }
  std::vector<core::TensorShape> tensorShapes(bool /*with_optimizer*/) const override { return {}; }

  engine::Result<engine::InspectOutput> inspect(const core::SequenceSet& sequences,
                                                const engine::InspectRequest& request) override {
    ++calls;
    engine::InspectOutput output;
    output.patterns = patterns();
    for (std::size_t i = 0; i < sequences.size(); ++i) {
      const bool is_right = i >= wrong_anyway && finds(request, i) &&
                            (works(request, {1, 0}) || works(request, {1, 1}));
      output.correct.push_back(is_right ? 1 : 0);
      output.losses.push_back(is_right ? 0.5F : 3.0F);
      output.logit_differences.push_back(is_right ? 2.0F : -1.0F);
    }
    return output;
  }

  core::PatternBatch patterns() const {
    core::PatternBatch patterns;
    patterns.n = m_set.size();
    patterns.n_layers = m_model.n_layers;
    patterns.n_heads = m_model.n_heads;
    patterns.seq_len = m_set.seq_len;
    patterns.pattern.resize(patterns.n * patterns.heads() * patterns.cells());
    const auto T = static_cast<std::size_t>(m_set.seq_len);
    for (std::size_t cell = 0; cell < patterns.pattern.size(); ++cell) {
      const std::size_t q = cell / T % T;
      patterns.pattern[cell] = cell % T <= q ? 1.0F / static_cast<float>(q + 1) : 0.0F;
    }
    return patterns;
  }

 private:
  static core::Unexpected<engine::EngineError> none() {
    return core::Unexpected(engine::EngineError{"A made model only looks inside.", {}});
  }
  static bool works(const engine::InspectRequest& request, const engine::HeadRef& head) {
    return std::find(request.zeroed.begin(), request.zeroed.end(), head) == request.zeroed.end();
  }
  /// Role 0 is noise; the task has one anchor, before its key.
  bool finds(const engine::InspectRequest& request, std::size_t i) const {
    const auto roles = m_set.rolesOf(i);
    const auto anchor =
        std::find_if(roles.begin(), roles.end(), [](auto role) { return role != 0; });
    const auto place = static_cast<std::uint16_t>(anchor - roles.begin());
    const engine::EdgeRef edge{static_cast<std::uint32_t>(i), 0, 0,
                               static_cast<std::uint16_t>(place + 1), place};
    const bool is_listed =
        std::find(request.edges.begin(), request.edges.end(), edge) != request.edges.end();
    const bool is_cut = request.keep_only_edges ? !is_listed : is_listed;
    return works(request, {0, 0}) && !is_cut;
  }

  core::ModelSpec m_model;
  const core::SequenceSet& m_set;
  std::string m_name = "made";
};

}  // namespace anchorlens::tests
