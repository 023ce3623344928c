// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/compare/time_alignment.h"
#include "engine/core/experiment.h"
#include "engine/core/intervention.h"
#include "widgets/compare/comparison.h"
#include "widgets/run_history.h"

#include <memory>
#include <vector>

namespace anchorlens::widgets {

/// What of a run a comparison is made from. Pointers are not owned.
struct RunToCompare {
  QString name;
  int colour = 0;
  const core::ExperimentSpec* spec = nullptr;
  std::shared_ptr<const ProbeContext> probe;  ///< null: unknown
  const RunHistory* history = nullptr;
  const std::vector<core::Intervention>* interventions = nullptr;  ///< null: nothing was changed
};

core::HeadCount headCount(const core::ExperimentSpec& spec);

/// By emergence of the first broadcast, or by test accuracy, as the histories have them.
core::TimeAlignment alignRuns(const RunToCompare& first, const RunToCompare& second,
                              core::AlignBy by);

/// Only then can one sequence of both be looked at; else their means are.
bool haveSameProbe(const RunToCompare& first, const RunToCompare& second);

/// "seed 1, L1 H0 ablated": its seed, and what was changed in its training and holds after a step.
QString noteOf(const RunToCompare& run, std::int64_t step);

/// A run at a step. `frame` null: `problem` says why.
ComparedSide sideOf(const RunToCompare& run, std::int64_t step, const core::Frame* frame,
                    ProbeChoice choice, const QString& problem);

}  // namespace anchorlens::widgets
