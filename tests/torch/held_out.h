// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session.h"

#include <QtTest>

namespace anchorlens::test {

/// Takes steps; a step that is an error ends the test. The losses.
inline std::vector<double> train(engine::Trainer& trainer, int steps) {
  std::vector<double> losses;
  for (int i = 0; i < steps; ++i) {
    const auto step = trainer.trainStep();
    if (!step) {
      qFatal("%s", step.error().message.c_str());
    }
    losses.push_back(step->loss);
  }
  return losses;
}

/// Share of right answers over all groups.
inline double accuracyOn(engine::Trainer& trainer, const core::SequenceSet& sequences) {
  double correct = 0;
  double n = 0;
  const auto groups = trainer.evaluate(sequences);
  for (const core::GroupMetrics& group : *groups) {
    correct += group.accuracy * static_cast<double>(group.n);
    n += static_cast<double>(group.n);
  }
  return correct / n;
}

}  // namespace anchorlens::test
