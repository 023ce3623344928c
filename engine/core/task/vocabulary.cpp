// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/compile.h"

#include <algorithm>
#include <set>

namespace anchorlens::core {
namespace {

constexpr int kLargestVocabulary = 65536;

void readLengths(TaskPlan& plan, ErrorList& errors) {
  const auto& lengths = plan.spec.seq_len;
  if (lengths.empty()) {
    errors.add("/task/seq_len", "There is no length: give one such as 9.");
  }
  std::set<int> seen;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const std::string pointer =
        lengths.size() == 1 ? "/task/seq_len" : "/task/seq_len/" + std::to_string(i);
    if (lengths[i] < 1 || lengths[i] > kMaxLength) {
      errors.add(pointer, "Length " + std::to_string(lengths[i]) +
                              " is not possible: expected 1 to " + std::to_string(kMaxLength) +
                              ".");
    } else if (!seen.insert(lengths[i]).second) {
      errors.add(pointer, "Length " + std::to_string(lengths[i]) +
                              " stands twice: all lengths are equally likely.");
    }
    plan.seq_len = std::max(plan.seq_len, lengths[i]);
  }
}

}  // namespace

bool readVocabulary(TaskPlan& plan, ErrorList& errors) {
  plan.d_vocab = plan.spec.d_vocab;
  readLengths(plan, errors);
  if (plan.d_vocab < 2 || plan.d_vocab > kLargestVocabulary) {
    errors.add("/task/d_vocab", "A vocabulary of " + std::to_string(plan.d_vocab) +
                                    " is not possible: expected 2 to " +
                                    std::to_string(kLargestVocabulary) + " (token 0 is padding).");
    return false;
  }
  if (checkIntervals(plan.spec.noise, "/task/noise", "Noise", plan.d_vocab, errors)) {
    plan.noise = TokenSet::of(plan.spec.noise);
  }
  return true;
}

}  // namespace anchorlens::core
