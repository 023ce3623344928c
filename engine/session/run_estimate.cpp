// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/run_estimate.h"

#include "engine/core/store/run_store.h"
#include "engine/session.h"

#include <algorithm>
#include <cmath>

namespace anchorlens::engine {
namespace {

constexpr double kBytesPerStep = 40;         // four numbers and the row's overhead
constexpr double kBytesPerEvaluation = 400;  // a few groups
constexpr double kBytesPerParameter = 4;
constexpr int kFullCheckpoints = 2;  // with two moments each

}  // namespace

std::int64_t totalSteps(const core::ExperimentSpec& spec) {
  if (spec.training.steps) {
    return *spec.training.steps;
  }
  const std::int64_t batch = spec.training.batch_size;
  const std::int64_t steps_per_epoch = (spec.data.n_train + batch - 1) / batch;
  return spec.training.epochs.value_or(0) * steps_per_epoch;
}

std::int64_t countDue(const core::StepSchedule& schedule, std::int64_t last) {
  std::int64_t count = last > 0 ? 2 : 1;
  if (schedule.every && *schedule.every > 0 && last > 0) {
    count += (last - 1) / *schedule.every;
  }
  if (schedule.per_decade > 0 && last > 0) {
    const double exact = schedule.per_decade * std::log10(static_cast<double>(last));
    count += std::min(last, static_cast<std::int64_t>(std::ceil(exact)));
  }
  return std::min(count, last + 1);
}

RunEstimate estimateRun(const core::ExperimentSpec& spec) {
  RunEstimate estimate;
  estimate.steps = totalSteps(spec);
  const int seq_len = *std::max_element(spec.task.seq_len.begin(), spec.task.seq_len.end());
  estimate.parameters = countParameters(spec.model, spec.task.d_vocab, seq_len);
  estimate.frames = countDue(spec.record.frames, estimate.steps);
  estimate.checkpoints = countDue(spec.record.checkpoints, estimate.steps);
  const double weights = static_cast<double>(estimate.parameters) * kBytesPerParameter;
  const double full =
      static_cast<double>(std::min<std::int64_t>(estimate.checkpoints, kFullCheckpoints));
  estimate.bytes =
      static_cast<double>(estimate.checkpoints) * weights + 2 * full * weights +
      static_cast<double>(estimate.frames) * static_cast<double>(core::frameBytes(spec)) +
      static_cast<double>(estimate.steps) * kBytesPerStep +
      static_cast<double>(countDue(spec.record.evaluate, estimate.steps)) * kBytesPerEvaluation;
  return estimate;
}

}  // namespace anchorlens::engine
