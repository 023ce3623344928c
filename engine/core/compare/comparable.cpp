// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/compare/comparable.h"

#include "engine/core/experiment_json.h"

namespace anchorlens::core {

namespace {

std::string lengthText(const TaskSpec& task) {
  std::string text = task.seq_len.size() == 1 ? "length " : "lengths ";
  for (std::size_t i = 0; i < task.seq_len.size(); ++i)
    text += (i == 0 ? "" : " and ") + std::to_string(task.seq_len[i]);
  return text;
}

/// What is the same for all runs of a set-up.
ExperimentSpec setUpOf(ExperimentSpec spec) {
  const ExperimentSpec usual;
  spec.name.clear();
  spec.data.seed = usual.data.seed;
  spec.training.seed = usual.training.seed;
  spec.training.device = usual.training.device;
  spec.training.threads = usual.training.threads;
  spec.training.kernel = usual.training.kernel;
  return spec;
}

}  // namespace

std::string whyNotComparable(const ExperimentSpec& first, const std::string& first_name,
                             const ExperimentSpec& second, const std::string& second_name) {
  const auto sentence = [&](const std::string& of_first, const std::string& of_second) {
    return second_name + " " + of_second + ", " + first_name + " " + of_first +
           ": only curves and scores are compared.";
  };
  const auto hasHeads = [](const ExperimentSpec& spec) {
    return spec.model.kind == ModelSpec::Kind::Transformer;
  };
  if (!hasHeads(first) || !hasHeads(second)) {
    const std::string& who = hasHeads(first) ? second_name : first_name;
    return who + " has no attention heads: only curves and scores are compared.";
  }
  if (first.task.seq_len != second.task.seq_len)
    return sentence("has " + lengthText(first.task), "has " + lengthText(second.task));
  if (first.task.d_vocab != second.task.d_vocab) {
    return sentence("has " + std::to_string(first.task.d_vocab),
                    "has " + std::to_string(second.task.d_vocab) + " tokens");
  }
  if (first.model.mask != second.model.mask) {
    const bool is_causal = first.model.mask == ModelSpec::Mask::Causal;
    return sentence(is_causal ? "is causal" : "is not", is_causal ? "is not" : "is causal");
  }
  return {};
}

bool isSameProbe(const SequenceSet& first, const SequenceSet& second) {
  return first.seq_len == second.seq_len && first.tokens == second.tokens &&
         first.lengths == second.lengths;
}

bool isSameSetUp(const ExperimentSpec& first, const ExperimentSpec& second) {
  return setUpOf(first) == setUpOf(second);
}

std::string setUpHash(const ExperimentSpec& spec) {
  return specHash(setUpOf(spec));
}

}  // namespace anchorlens::core
