// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/answers.h"

#include <algorithm>
#include <cmath>

namespace anchorlens::engine {

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
  const std::int64_t kept = std::min<std::int64_t>(5, log_q.size(1));
  const auto [top, index] = log_q.topk(kept, -1);
  const at::Tensor log_p = top.to(at::kCPU).contiguous();
  const at::Tensor tokens = index.to(at::kCPU).contiguous();
  const float* log_p_at = log_p.data_ptr<float>();
  const std::int64_t* token_at = tokens.data_ptr<std::int64_t>();
  std::vector<core::Prediction> predictions(static_cast<std::size_t>(log_q.size(0)));
  for (core::Prediction& prediction : predictions) {
    for (std::int64_t k = 0; k < kept; ++k) {
      prediction.tokens.at(static_cast<std::size_t>(k)) = static_cast<std::int32_t>(*token_at++);
      prediction.p.at(static_cast<std::size_t>(k)) = std::exp(*log_p_at++);
    }
  }
  return predictions;
}

}  // namespace anchorlens::engine
