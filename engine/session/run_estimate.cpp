// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/run_estimate.h"

#include "engine/core/step_schedule.h"
#include "engine/core/store/run_store.h"
#include "engine/session.h"

#include <algorithm>
#include <array>
#include <charconv>

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

std::int64_t trainingBytes(const core::ExperimentSpec& spec) {
  const core::ModelSpec& model = spec.model;
  const std::int64_t T = *std::max_element(spec.task.seq_len.begin(), spec.task.seq_len.end());
  const std::int64_t parameters = countParameters(model, spec.task.d_vocab, static_cast<int>(T));
  constexpr std::int64_t kFloat = 4;
  const std::int64_t states = spec.training.optimizer == core::TrainingSpec::Optimizer::Sgd ? 3 : 4;
  const std::int64_t per_position = 8LL * model.d_model + 2LL * model.d_mlp +
                                    4LL * model.n_heads * model.d_head + 2LL * model.n_heads * T;
  const std::int64_t activations =
      spec.training.batch_size * (T * per_position * model.n_layers + 2LL * spec.task.d_vocab);
  const bool is_fixed = spec.data.mode == core::DataSpec::Mode::Fixed;
  const std::int64_t sequences = spec.data.n_test + (is_fixed ? spec.data.n_train : 0);
  return kFloat * (states * parameters + activations) + sequences * (5 * T + 24);
}

std::string bytesText(double bytes) {
  constexpr std::array kUnits{"bytes", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  while (bytes >= 1000 && unit + 1 < kUnits.size()) {
    bytes /= 1000;
    ++unit;
  }
  std::array<char, 64> number{};
  const auto end = std::to_chars(number.data(), number.data() + number.size(), bytes,
                                 std::chars_format::fixed, unit > 0 && bytes < 10 ? 1 : 0);
  return std::string(number.data(), end.ptr) + " " + kUnits[unit];
}

}  // namespace anchorlens::engine
