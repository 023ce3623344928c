// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/compare/weights_at.h"

#include "engine/core/analysis/run_weights.h"
#include "engine/core/compare/run_events.h"

#include <algorithm>
#include <iterator>
#include <memory>

namespace anchorlens::core {

namespace {

using analysis::ModelWeights;
using analysis::RunWeights;

/// The tokens that circuits are compared on.
std::vector<std::int64_t> commonTokens(const RunWeights& first, const RunWeights& second) {
  std::vector<std::int64_t> common;
  std::set_intersection(first.tokens().begin(), first.tokens().end(), second.tokens().begin(),
                        second.tokens().end(), std::back_inserter(common));
  common.resize(std::min(common.size(), kMatchedTokens));
  return common;
}

struct Read {
  ModelWeights weights;
  std::int64_t step = 0;
};

Expected<Read, IoError> readAt(const RunWeights& run, std::int64_t step,
                               const std::vector<std::int64_t>& tokens) {
  const auto at = stepShownAt(run.steps(), step);
  if (!at) {
    return Unexpected(IoError{run.directory().string(),
                              "has no checkpoint yet, so that its weights cannot be compared"});
  }
  auto weights = ModelWeights::read(checkpointFile(run.directory(), *at), run.spec().model);
  if (!weights)
    return Unexpected(weights.error());
  weights->keepTokens(tokens);
  return Read{std::move(*weights), *at};
}

}  // namespace

Expected<WeightsCompared, IoError> compareWeights(const RunMoment& first, const RunMoment& second) {
  const auto first_run = RunWeights::open(first.run);
  if (!first_run)
    return Unexpected(first_run.error());
  const auto second_run = RunWeights::open(second.run);
  if (!second_run)
    return Unexpected(second_run.error());
  const auto tokens = commonTokens(**first_run, **second_run);
  const auto a = readAt(**first_run, first.step, tokens);
  if (!a)
    return Unexpected(a.error());
  const auto b = readAt(**second_run, second.step, tokens);
  if (!b)
    return Unexpected(b.error());
  return WeightsCompared{weightDistances(a->weights, b->weights), a->step, b->step};
}

}  // namespace anchorlens::core
