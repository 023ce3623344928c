// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/intervention.h"
#include "engine/session.h"

#include <string>
#include <vector>

/// The changes of a run (core::Intervention), ascending by step, and a trainer that follows them.
namespace anchorlens::engine {

using History = std::vector<core::Intervention>;

/// One optimiser step with what holds then.
Result<core::StepMetrics> trainStepOf(Trainer& trainer, const History& history);

/// Makes the trainer measure its model as the run has it after that many steps.
Result<void> measureAs(Trainer& trainer, const History& history);

/// The history with one more change, of a training that stands where the trainer does and ends at
/// `total_steps`; core::kNow is that step. The error says why that cannot be: the step has passed,
/// the model or the task cannot be changed so, it holds already.
Result<History> withChange(const History& history, core::Intervention change,
                           const core::ExperimentSpec& spec, std::int64_t total_steps,
                           Trainer& trainer);

/// A clamp whose step has not come: its pattern is measured there.
bool isOpenClamp(const core::Intervention& change);

/// A head's attention in the mean over the sequences that have the row: what a clamp holds.
/// Shape: [T, T]
Result<std::vector<float>> meanPattern(Trainer& trainer, const core::SequenceSet& sequences,
                                       const core::HeadRef& head);

/// What a fork at `step` has of its parent's changes: those before it, but none of a number that
/// the fork's experiment sets anew.
History inherited(const History& history, std::int64_t step, const core::ExperimentSpec& parent,
                  const core::ExperimentSpec& fork);

}  // namespace anchorlens::engine
