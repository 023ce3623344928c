// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/pace.h"
#include "app/anchorlens/session_factory.h"

#include <functional>
#include <memory>

namespace anchorlens::app {

/// What of an experiment its training speed depends on; the rest is as by default. Two experiments
/// of one shape train equally fast.
core::ExperimentSpec trainingShape(const core::ExperimentSpec& spec);

/// Measures how fast an experiment trains here, by training a model of its own for a second: data,
/// forward, backward and optimiser, no evaluation, frame or checkpoint. Writes nothing. On the
/// worker's thread.
class SpeedProbe {
 public:
  /// The first steps take memory and warm caches: they are not counted.
  static constexpr Micros kWarmUp{100'000};
  static constexpr Micros kMeasure{1'000'000};
  /// Any steady clock.
  using Clock = std::function<Micros()>;

  /// Opens the engine and builds the model. Fixed training data is drawn as far as a second needs
  /// it. An error says why the model cannot be built: what is wrong, or that it needs more memory
  /// than the machine has.
  static engine::Result<std::unique_ptr<SpeedProbe>> make(const SessionFactory& factory,
                                                          const core::ExperimentSpec& spec,
                                                          Clock clock);

  /// Trains for `budget`, at least one step; true when the second is over.
  engine::Result<bool> advance(Micros budget);
  /// Of the steps that were counted; 0 before advance() has said true.
  double stepsPerSecond() const { return m_steps_per_second; }

 private:
  SpeedProbe(std::unique_ptr<engine::Trainer> trainer, Clock clock);
  bool counted(Micros now);

  std::unique_ptr<engine::Trainer> m_trainer;
  Clock m_clock;
  Micros m_begin{0};
  Micros m_counted_from{0};
  std::int64_t m_steps = 0;
  bool m_is_warm = false;
  double m_steps_per_second = 0;
};

}  // namespace anchorlens::app
