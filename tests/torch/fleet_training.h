// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/module.h"
#include "tests/support/engine_fixtures.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

/// Trains the members of a fleet as a program does: each on a thread of its own.
namespace anchorlens::test {

using Trainers = std::vector<std::unique_ptr<engine::Trainer>>;

/// What a member did: its losses, and why it stopped before its steps were done.
struct Trained {
  std::vector<double> losses;
  std::string error;
  bool operator==(const Trained&) const = default;
};

inline std::unique_ptr<engine::Trainer> aloneOf(const core::ExperimentSpec& spec) {
  auto trainer = engine::torchModule().createTrainer(inputOf(spec));
  if (!trainer) {
    qFatal("%s", trainer.error().message.c_str());
  }
  return std::move(*trainer);
}

inline Trainers fleetOf(const std::vector<core::ExperimentSpec>& specs) {
  auto fleet = engine::torchModule().createFleet(specs[0], static_cast<int>(specs.size()));
  if (!fleet) {
    qFatal("%s", fleet.error().message.c_str());
  }
  Trainers members;
  for (const core::ExperimentSpec& spec : specs) {
    auto member = (*fleet)->createTrainer(inputOf(spec));
    if (!member) {
      qFatal("%s", member.error().message.c_str());
    }
    members.push_back(std::move(*member));
  }
  return members;
}

inline Trained train(engine::Trainer& trainer, int steps) {
  Trained result;
  for (int i = 0; i < steps; ++i) {
    const auto step = trainer.trainStep();
    if (!step) {
      result.error = step.error().message;
      break;
    }
    result.losses.push_back(step->loss);
  }
  return result;
}

/// Each takes its number of steps; with `leaving` it is destroyed then.
inline std::vector<Trained> trainTogether(Trainers& members, const std::vector<int>& steps,
                                          bool leaving = false) {
  std::vector<Trained> results(members.size());
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < members.size(); ++i) {
    threads.emplace_back([&, i] {
      results[i] = train(*members[i], steps[i]);
      if (leaving) {
        members[i].reset();
      }
    });
  }
  threads.clear();
  return results;
}

inline std::vector<Trained> trainTogether(Trainers& members, int steps) {
  return trainTogether(members, std::vector<int>(members.size(), steps));
}

}  // namespace anchorlens::test
