// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <cstddef>
#include <string>

/// Edits of an experiment's forms that keep the rest of the task in step with them.
namespace anchorlens::core {

/// Another pattern. When both parse: intervals of key variables and tokens of anchor variables that
/// no pattern has any more go; a variable that took the place of exactly one other takes over its
/// intervals, tokens and rules. What still names a variable that is gone is left, and
/// checkExperiment says so. `form` must exist.
ExperimentSpec withPattern(ExperimentSpec spec, std::size_t form, const std::string& pattern);

/// Forms in another order; `from` and `to` are indices of forms.
ExperimentSpec withFormMoved(ExperimentSpec spec, std::size_t from, std::size_t to);
/// Without the form and the key intervals that only it used.
ExperimentSpec withoutForm(ExperimentSpec spec, std::size_t form);

}  // namespace anchorlens::core
