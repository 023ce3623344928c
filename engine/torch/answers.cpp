// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/answers.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace anchorlens::engine {
namespace {

constexpr std::int64_t kMostKept = 5;

/// Places of the `kept` largest values, largest first; of equal ones the first comes first.
std::array<std::int32_t, kMostKept> largest(const float* values, std::int64_t n,
                                            std::int64_t kept) {
  std::array<std::int32_t, kMostKept> best{};
  std::int64_t found = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    if (found == kept && !(values[i] > values[best.at(static_cast<std::size_t>(kept - 1))]))
      continue;
    found = std::min(found + 1, kept);
    auto at = static_cast<std::size_t>(found - 1);
    for (; at > 0 && values[i] > values[best.at(at - 1)]; --at)
      best.at(at) = best.at(at - 1);
    best.at(at) = static_cast<std::int32_t>(i);
  }
  return best;
}

}  // namespace

std::int32_t rightAnswer(const core::SequenceSet& set, std::size_t i) {
  const auto answers = set.answersOf(i);
  return answers.empty() ? set.targets[i] : answers[0].token;
}

double lossOf(const core::SequenceSet& set, std::size_t i, const float* log_q) {
  const auto answers = set.answersOf(i);
  if (answers.empty()) {
    return -static_cast<double>(log_q[set.targets[i]]);
  }
  double loss = 0;
  for (const core::Answer& answer : answers) {
    loss -= answer.p * static_cast<double>(log_q[answer.token]);
  }
  return loss;
}

std::vector<core::Prediction> topAnswers(const at::Tensor& log_q) {
  const std::int64_t kept = std::min(kMostKept, log_q.size(1));
  const at::Tensor host = log_q.to(at::kCPU).contiguous();
  const float* row = host.data_ptr<float>();
  std::vector<core::Prediction> predictions(static_cast<std::size_t>(host.size(0)));
  for (core::Prediction& prediction : predictions) {
    const auto best = largest(row, host.size(1), kept);
    for (std::size_t k = 0; k < static_cast<std::size_t>(kept); ++k) {
      prediction.tokens.at(k) = best.at(k);
      prediction.p.at(k) = std::exp(row[best.at(k)]);
    }
    row += host.size(1);
  }
  return predictions;
}

}  // namespace anchorlens::engine
