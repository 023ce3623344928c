// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/frame.h"
#include "engine/core/task/sequence_set.h"
#include "widgets/number_table.h"

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

/// The answers of a model on the whole probe, counted. Plain data.
namespace anchorlens::widgets {

/// How often one token was answered where another one is right.
struct Confusion {
  std::int32_t answer = 0;
  std::int32_t predicted = 0;
  std::int64_t n = 0;
  bool operator==(const Confusion&) const = default;
};

/// What the model gives an answer that is right with probability `p_true`.
struct CalibrationPoint {
  std::int32_t likeliest = 0;  ///< the sequence's most probable answer
  std::int32_t answer = 0;     ///< this one
  int rank = 0;                ///< of this answer: 0 is the most probable one
  double p_true = 0;
  double p_model = 0;
};

struct ProbeSummary {
  std::int64_t step = 0;
  std::int64_t n = 0;
  std::int64_t n_right = 0;
  /// Predicted minus most probable answer -> how often. 0: right.
  std::map<std::int32_t, std::int64_t> deviations;
  std::vector<Confusion> confusions;  ///< wrong answers only, most frequent first
  /// A point for each sequence and answer; empty when every answer is certain.
  std::vector<CalibrationPoint> calibration;

  /// Mean of p_model over the points of one rank, and of p_true; NaN without any.
  std::pair<double, double> meanOfRank(int rank) const;
};

/// `logits` [n, d_vocab] at the reader.
ProbeSummary summarise(const core::SequenceSet& probe, std::span<const float> logits, int d_vocab,
                       std::int64_t step);

/// deviation, n
NumberTable deviationNumbers(const ProbeSummary& summary);
/// answer, predicted, n
NumberTable confusionNumbers(const ProbeSummary& summary);
/// key, rank, p_true, p_model
NumberTable calibrationNumbers(const ProbeSummary& summary);
/// All three in one: part, and the columns of each; empty where a part has none of that name.
NumberTable probeNumbers(const ProbeSummary& summary);

}  // namespace anchorlens::widgets
