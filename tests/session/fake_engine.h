// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

/// An engine without LibTorch that behaves like one: its state is a few numbers that depend on
/// every step before, so that a step too many, too few or from another state shows.
namespace anchorlens::tests {

struct FakeBehaviour {
  /// Training fails when this step is to be taken.
  std::optional<std::int64_t> nan_at;
  std::optional<std::int64_t> no_memory_at;  ///< the same, for want of memory; 0: to begin with
  bool no_memory_to_look = false;            ///< patterns of a model are too much
  bool no_memory_to_change = false;          ///< so is a changed model
  /// Accuracy of every group after a step.
  std::function<double(std::int64_t)> accuracy = [](std::int64_t) { return 0.5; };
  /// How much each head of the first layer looks one position back after a step, 0..1.
  std::function<double(std::int64_t)> shift = [](std::int64_t) { return 0.0; };
  /// A step takes this long.
  std::chrono::microseconds step_time{0};
  /// So does a look inside.
  std::chrono::microseconds inspect_time{0};
};

class FakeEngine : public engine::EngineModule {
 public:
  explicit FakeEngine(FakeBehaviour wanted = {}) : behaviour(std::move(wanted)) {}

  const engine::EngineInfo& info() const override { return m_info; }
  engine::Result<std::unique_ptr<engine::Trainer>> createTrainer(
      engine::TrainerInput input) override;
  engine::Result<double> gemmPeak(const std::string& /*device*/, int /*threads*/) override {
    return 100.0;
  }

  FakeBehaviour behaviour;
  int trainers_made = 0;
  std::int64_t steps_taken = 0;  ///< by all trainers

 private:
  engine::EngineInfo m_info{"0.0-fake", "FAKE", {{"cpu", "a made processor"}}, "it is not real"};
};

/// The numbers of a fake model, as text to compare.
std::string weightsOf(engine::Trainer& trainer);

}  // namespace anchorlens::tests
