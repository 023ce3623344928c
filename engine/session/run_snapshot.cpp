// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/inspect.h"
#include "engine/session/measure.h"
#include "engine/session/run_facts.h"
#include "engine/session/run_parts.h"
#include "engine/session/run_session.h"

#include <utility>

namespace anchorlens::engine {
namespace {

class Snapshot final : public RunSnapshot {
 public:
  Snapshot(RunParts parts, std::int64_t step, core::InEffect in_effect)
      : m_parts(std::move(parts)), m_step(step), m_in_effect(std::move(in_effect)) {}

  std::int64_t step() const override { return m_step; }
  const core::ExperimentSpec& spec() const override { return m_parts.spec; }
  const core::Task& task() const override { return m_parts.task; }
  const core::SequenceSet& probe() const override { return m_parts.probe; }
  const core::SequenceSet& test() const override { return m_parts.data->test; }
  const core::SequenceSet& trainSample() const override { return m_parts.train_sample; }
  Trainer& trainer() override { return *m_parts.trainer; }
  const core::InEffect& inEffect() const override { return m_in_effect; }

  Result<core::Metrics> evaluate() override {
    return guarded([this] {
      auto metrics =
          evaluateSets(*m_parts.trainer, m_parts.task, m_parts.train_sample, m_parts.data->test);
      if (metrics) {
        metrics->step = m_step;
      }
      return metrics;
    });
  }

  Result<std::shared_ptr<const core::Frame>> frame() override {
    return guarded([this] {
      return makeFrame(*m_parts.trainer, m_parts.task, m_parts.probe, m_parts.spec.probe.shown, {},
                       m_parts.isCausal(), 0);
    });
  }

  Result<std::shared_ptr<const core::Frame>> frameWith(const InspectRequest& request) override {
    return guarded([&] {
      return makeChangedFrame(*m_parts.trainer, m_parts.task, m_parts.probe,
                              m_parts.spec.probe.shown, m_parts.isCausal(), request);
    });
  }

 private:
  RunParts m_parts;
  std::int64_t m_step = 0;
  core::InEffect m_in_effect;
};

Result<std::unique_ptr<RunSnapshot>> openSnapshot(const std::filesystem::path& run,
                                                  std::optional<std::int64_t> at,
                                                  EngineModule* engine) {
  auto facts = readRunFacts(run);
  if (!facts) {
    return core::Unexpected(facts.error());
  }
  if (facts->checkpoints.empty()) {
    return core::Unexpected(EngineError{run.string() +
                                            ": has no checkpoint yet; anchorctl resume " +
                                            run.string() + " goes on with it.",
                                        {}});
  }
  auto parts = makeParts(trainerSpec(*facts), engine);
  if (!parts) {
    return core::Unexpected(parts.error());
  }
  parts->spec = facts->spec;
  markFullCheckpoints(*facts, *parts->trainer);
  const std::int64_t step = at.value_or(facts->checkpoints.back().step);
  auto reached = bringTo(*parts->trainer, *facts, step, false);
  if (!reached) {
    return core::Unexpected(reached.error());
  }
  return std::unique_ptr<RunSnapshot>(std::make_unique<Snapshot>(
      std::move(*parts), *reached, core::inEffect(facts->history, *reached)));
}

}  // namespace

Result<std::unique_ptr<RunSnapshot>> RunSnapshot::open(const std::filesystem::path& run,
                                                       std::optional<std::int64_t> at,
                                                       EngineModule* engine) {
  return guarded([&] { return openSnapshot(run, at, engine); });
}

}  // namespace anchorlens::engine
