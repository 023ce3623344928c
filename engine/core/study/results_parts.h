// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/frame.h"
#include "engine/core/study/study_results.h"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// What both tables of a study's results are made of.
namespace anchorlens::core {

/// Emergence steps are told of the first two scores.
inline constexpr std::size_t kEmergingScores = 2;

struct TotalColumn {
  const char* name;
  double Metrics::*value;
};
inline constexpr std::array<TotalColumn, 4> kTotalColumns{
    {{"train_accuracy", &Metrics::train_accuracy},
     {"test_accuracy", &Metrics::test_accuracy},
     {"train_loss", &Metrics::train_loss},
     {"test_loss", &Metrics::test_loss}}};

struct StepColumn {
  const char* name;
  double StepMetrics::*value;
};
inline constexpr std::array<StepColumn, 3> kStepColumns{
    {{"training_loss", &StepMetrics::loss},
     {"training_grad_norm", &StepMetrics::grad_norm},
     {"training_learning_rate", &StepMetrics::learning_rate}}};

/// What a head's lifts are made of: masses, chances, lags.
struct ScorePart {
  const char* name;
  double (*value)(const HeadScores&);  ///< NaN where the score does not exist
};
std::span<const ScorePart> scoreParts();

/// The names of all groups of all runs, in the order in which they first occur.
std::vector<std::string> groupNames(const std::vector<RunResults>& results);
/// Null when the evaluation has no such group.
const GroupMetrics* groupOf(const RunResults& run, const Metrics& metrics, const std::string& name);

/// The largest of any run.
int most(const std::vector<RunResults>& results, int RunResults::*number);
/// Where a head stands among a run's scores; empty for a run without it.
std::optional<std::size_t> slotOf(const RunResults& run, int layer, int head);

/// The member's value of an axis: JSON, but a text without its quotes.
std::string axisText(const StudyPlan& plan, std::size_t member, std::size_t axis);

}  // namespace anchorlens::core
