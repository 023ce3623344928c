// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment_json.h"
#include "engine/core/task/task.h"
#include "engine/session.h"

#include <QtTest>

#include <memory>
#include <string>

/// Small experiments for tests of the engine. No Torch here.
namespace anchorlens::test {

inline core::Task compiled(const core::TaskSpec& spec) {
  auto task = core::Task::compile(spec);
  if (!task) {
    qFatal("%s: %s", task.error()[0].pointer.c_str(), task.error()[0].message.c_str());
  }
  return *task;
}

inline std::shared_ptr<const core::Dataset> dataOf(const core::Task& task,
                                                   const core::DataSpec& spec) {
  auto data = core::makeDataset(task, spec);
  if (!data) {
    qFatal("%s: %s", data.error()[0].pointer.c_str(), data.error()[0].message.c_str());
  }
  return std::make_shared<const core::Dataset>(*data);
}

/// The demo, made tiny: 2 layers, 2 heads, d_model 16.
inline core::ExperimentSpec tinyExperiment() {
  core::ExperimentSpec spec = core::preset("demo");
  spec.data.n_train = 200;
  spec.data.n_test = 64;
  spec.model.n_heads = 2;
  spec.model.d_model = 16;
  spec.model.d_head = 8;
  spec.model.d_mlp = 32;
  spec.training.batch_size = 48;
  spec.training.steps = 40;
  spec.training.device = "cpu";
  return spec;
}

inline engine::TrainerInput inputOf(const core::ExperimentSpec& spec) {
  const core::Task task = compiled(spec.task);
  const auto data = dataOf(task, spec.data);
  return {spec, task, std::shared_ptr<const core::SequenceSet>(data, &data->train)};
}

}  // namespace anchorlens::test
