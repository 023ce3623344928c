// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/run_shape.h"

#include <algorithm>

namespace anchorlens::core {
namespace {

int longestOf(const TaskSpec& task) {
  const auto longest = std::max_element(task.seq_len.begin(), task.seq_len.end());
  return longest == task.seq_len.end() ? 0 : *longest;
}

}  // namespace

std::string shapeDifference(const ExperimentSpec& a, const ExperimentSpec& b) {
  ModelSpec model = b.model;
  model.init = a.model.init;
  if (!(model == a.model)) {
    return "/model";
  }
  if (a.task.d_vocab != b.task.d_vocab) {
    return "/task/d_vocab";
  }
  if (longestOf(a.task) != longestOf(b.task)) {
    return "/task/seq_len";
  }
  if (a.training.precision != b.training.precision) {
    return "/training/precision";
  }
  return a.training.batch_size == b.training.batch_size ? "" : "/training/batch_size";
}

std::string whyNoFleet(const ExperimentSpec& spec) {
  if (spec.model.kind != ModelSpec::Kind::Transformer) {
    return "it computes transformers only";
  }
  if (spec.training.precision == TrainingSpec::Precision::BFloat16) {
    return "it computes in float32 and tf32 only";
  }
  if (spec.training.kernel != "auto" && spec.training.kernel != "fleet") {
    return "the experiment wants kernel '" + spec.training.kernel + "'";
  }
  return {};
}

}  // namespace anchorlens::core
