// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

namespace anchorlens::tests {

/// The identity task, small enough that a test makes it at once: 40 steps, evaluations and frames
/// every 10, checkpoints every 20.
inline core::ExperimentSpec tinyExperiment() {
  core::ExperimentSpec spec;
  spec.name = "tiny";
  spec.task.d_vocab = 50;
  spec.task.noise = {{20, 40}};
  spec.task.forms = {{"* 3 x * -> x", 1.0, {}, {}}};
  spec.task.held_out = {core::ResidueRule{"x", core::ResidueRule::Of::Key, 8, 0}};
  spec.data.n_train = 60;
  spec.data.n_test = 20;
  spec.model.n_layers = 2;
  spec.model.n_heads = 1;
  spec.model.d_model = 16;
  spec.model.d_head = 16;
  spec.model.d_mlp = 32;
  spec.training.batch_size = 10;
  spec.training.steps = 40;
  spec.probe.size = 8;
  spec.probe.shown = 2;
  spec.record.evaluate = {10, 0};
  spec.record.frames = {10, 0};
  spec.record.checkpoints = {20, 0};
  return spec;
}

/// The same, so long that a test ends it: evaluated and recorded seldom.
inline core::ExperimentSpec endlessExperiment() {
  auto spec = tinyExperiment();
  spec.training.steps = 1'000'000;
  spec.record.evaluate = {1000, 0};
  spec.record.frames = {500, 0};
  return spec;
}

}  // namespace anchorlens::tests
