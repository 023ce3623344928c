// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/run_estimate.h"

#include "engine/core/step_schedule.h"
#include "engine/core/store/run_store.h"
#include "engine/session.h"

#include <algorithm>

namespace anchorlens::engine {
namespace {

constexpr double kBytesPerStep = 40;         // four numbers and the row's overhead
constexpr double kBytesPerEvaluation = 400;  // a few groups
constexpr double kBytesPerParameter = 4;
constexpr int kFullCheckpoints = 2;  // with two moments each

}  // namespace

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
