// SPDX-License-Identifier: GPL-3.0-or-later
// The kernels against each other in one process, interleaved:
//   bench_kernels [demo|paper] [rounds] [steps a round]
// One core: taskset -c 1 bench_kernels ...
#include "engine/torch/module.h"
#include "tests/support/engine_fixtures.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>

using namespace anchorlens;

namespace {

core::ExperimentSpec shapeOf(const std::string& name) {
  core::ExperimentSpec spec = core::preset(name == "paper" ? "identity" : "demo");
  spec.data.n_train = 2000;
  spec.training.device = "cpu";
  spec.training.threads = 1;
  return spec;
}

/// Milliseconds a step.
double timeSteps(engine::Trainer& trainer, int steps) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < steps; ++i) {
    if (const auto step = trainer.trainStep(); !step) {
      qFatal("%s", step.error().message.c_str());
    }
  }
  const std::chrono::duration<double, std::milli> passed = std::chrono::steady_clock::now() - start;
  return passed.count() / steps;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const std::string shape = argc > 1 ? argv[1] : "demo";
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 7;
  const int steps = argc > 3 ? std::atoi(argv[3]) : (shape == "paper" ? 8 : 150);
  std::map<std::string, std::unique_ptr<engine::Trainer>> trainers;
  for (const char* kernel : {"autograd", "fast"}) {
    core::ExperimentSpec spec = shapeOf(shape);
    spec.training.kernel = kernel;
    auto trainer = engine::torchModule().createTrainer(test::inputOf(spec));
    if (!trainer) {
      qFatal("%s", trainer.error().message.c_str());
    }
    timeSteps(**trainer, steps);
    trainers[kernel] = std::move(*trainer);
  }
  std::map<std::string, std::vector<double>> times;
  for (int round = 0; round < rounds; ++round) {
    for (auto& [kernel, trainer] : trainers) {
      times[kernel].push_back(timeSteps(*trainer, steps));
    }
  }
  for (const auto& [kernel, values] : times) {
    std::printf("%s %-9s %8.3f ms/step (%.3f to %.3f), %.2f times autograd\n", shape.c_str(),
                kernel.c_str(), median(values), *std::min_element(values.begin(), values.end()),
                *std::max_element(values.begin(), values.end()),
                median(times["autograd"]) / median(values));
  }
  return 0;
}
