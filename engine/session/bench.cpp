// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/bench.h"

#include "engine/core/model_sizes.h"
#include "engine/core/step_schedule.h"
#include "engine/session/measure.h"
#include "engine/session/run_parts.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace anchorlens::engine {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kSequences = 4096;
constexpr int kStepsForBits = 20;

double millisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

core::ExperimentSpec withFewerSequences(core::ExperimentSpec spec) {
  const std::int64_t wanted = std::max<std::int64_t>(kSequences, spec.training.batch_size);
  spec.data.n_train = std::min(spec.data.n_train, wanted);
  return spec;
}

/// Takes steps for so long; their milliseconds.
Result<std::vector<double>> stepsFor(Trainer& trainer, double seconds) {
  std::vector<double> times;
  const auto start = Clock::now();
  do {
    const auto begin = Clock::now();
    if (const auto step = trainer.trainStep(); !step) {
      return core::Unexpected(step.error());
    }
    times.push_back(millisecondsSince(begin));
  } while (millisecondsSince(start) < seconds * 1e3);
  return times;
}

/// Whether two trainings from the same experiment end with the same weights.
Result<bool> giveSameBits(EngineModule& engine, const core::ExperimentSpec& spec) {
  std::optional<core::Checkpoint> first;
  for (int i = 0; i < 2; ++i) {
    auto trainer = benchTrainer(engine, spec);
    if (!trainer) {
      return core::Unexpected(trainer.error());
    }
    for (int step = 0; step < kStepsForBits; ++step) {
      if (const auto taken = (*trainer)->trainStep(); !taken) {
        return core::Unexpected(taken.error());
      }
    }
    auto snapshot = (*trainer)->snapshot(true);
    if (!snapshot) {
      return core::Unexpected(snapshot.error());
    }
    if (first) {
      return first->tensors == snapshot->tensors;
    }
    first = std::move(*snapshot);
  }
  return false;
}

double samplesPerSecond(const core::ExperimentSpec& spec, const core::Task& task) {
  constexpr std::size_t kAtOnce = 1000;
  core::Random random(spec.data.seed, "bench");
  core::SequenceSet set = task.draw(core::Split::Train, kAtOnce, random, false);
  const auto start = Clock::now();
  std::size_t drawn = 0;
  while (millisecondsSince(start) < 200) {
    task.redraw(core::Split::Train, set, random);
    drawn += kAtOnce;
  }
  return static_cast<double>(drawn) / millisecondsSince(start) * 1e3;
}

/// Milliseconds of a call, the median of five.
template <typename Work>
Result<double> timeOf(Work&& work) {
  std::vector<double> times;
  for (int i = 0; i < 5; ++i) {
    const auto start = Clock::now();
    if (auto done = work(); !done) {
      return core::Unexpected(done.error());
    }
    times.push_back(millisecondsSince(start));
  }
  return median(times);
}

/// What recording costs.
Result<void> benchRecording(EngineModule& engine, const core::ExperimentSpec& spec,
                            BenchResult& result) {
  auto parts = makeParts(spec, &engine);
  if (!parts) {
    return core::Unexpected(parts.error());
  }
  Trainer& trainer = *parts->trainer;
  const auto evaluation = timeOf(
      [&] { return evaluateSets(trainer, parts->task, parts->train_sample, parts->data->test); });
  const FrameParts kept{spec.record.keep_patterns, spec.record.keep_mean_pattern,
                        spec.record.keep_predictions};
  const auto frame = timeOf([&] {
    return makeFrame(trainer, parts->task, parts->probe, spec.probe.shown, kept, parts->isCausal(),
                     0);
  });
  const auto snapshot = timeOf([&] { return trainer.snapshot(true); });
  for (const auto& [time, to] :
       {std::pair(&evaluation, &result.evaluation_ms), std::pair(&frame, &result.frame_ms),
        std::pair(&snapshot, &result.snapshot_ms)}) {
    if (!*time) {
      return core::Unexpected(time->error());
    }
    *to = **time;
  }
  result.sampler_per_s = samplesPerSecond(spec, parts->task);
  return {};
}

Result<void> benchTheRest(EngineModule& engine, const core::ExperimentSpec& spec,
                          BenchResult& result) {
  const auto peak = engine.gemmPeak(result.device, spec.training.threads);
  if (!peak) {
    return core::Unexpected(peak.error());
  }
  const auto bits = giveSameBits(engine, spec);
  if (!bits) {
    return core::Unexpected(bits.error());
  }
  result.gemm_peak_gflops = *peak;
  result.same_bits = *bits;
  return benchRecording(engine, spec, result);
}

}  // namespace

Result<std::unique_ptr<Trainer>> benchTrainer(EngineModule& engine,
                                              const core::ExperimentSpec& spec) {
  const core::ExperimentSpec small = withFewerSequences(spec);
  auto task = core::Task::compile(small.task);
  if (!task) {
    return core::Unexpected(toEngineError(task.error()));
  }
  std::shared_ptr<const core::SequenceSet> train;
  if (small.data.mode == core::DataSpec::Mode::Fixed) {
    core::Random random(small.data.seed, "data/train");
    train = std::make_shared<const core::SequenceSet>(
        task->draw(core::Split::Train, static_cast<std::size_t>(small.data.n_train), random));
  }
  return engine.createTrainer({small, std::move(*task), std::move(train)});
}

Result<BenchResult> benchShape(EngineModule& engine, const core::ExperimentSpec& spec,
                               double seconds, bool steps_only) {
  BenchResult result;
  auto trainer = benchTrainer(engine, spec);
  if (!trainer) {
    return core::Unexpected(trainer.error());
  }
  const auto warm = stepsFor(**trainer, seconds / 4);
  const auto times = stepsFor(**trainer, seconds);
  if (!warm || !times) {
    return core::Unexpected(!warm ? warm.error() : times.error());
  }
  result.path = (*trainer)->kernel();
  result.path_detail = (*trainer)->kernelDetail();
  result.device = (*trainer)->device();
  result.ms_per_step = median(*times);
  result.sequences_per_s = spec.training.batch_size / result.ms_per_step * 1e3;
  result.gflop_per_step = core::flopPerStep(spec) / 1e9;
  if (!steps_only) {
    if (const auto rest = benchTheRest(engine, spec, result); !rest) {
      return core::Unexpected(rest.error());
    }
  }
  return result;
}

double recordShare(const BenchResult& result, const core::ExperimentSpec& spec) {
  const std::int64_t steps = core::totalSteps(spec);
  const auto due = [&](const core::StepSchedule& schedule) {
    return static_cast<double>(core::countDue(schedule, steps));
  };
  const double training = result.ms_per_step * static_cast<double>(steps);
  const double by_time = training / 1e3 / spec.record.checkpoint_seconds;
  return (due(spec.record.evaluate) * result.evaluation_ms +
          due(spec.record.frames) * result.frame_ms +
          (due(spec.record.checkpoints) + by_time) * result.snapshot_ms) /
         training;
}

}  // namespace anchorlens::engine
