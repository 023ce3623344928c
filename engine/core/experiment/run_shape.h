// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <string>

namespace anchorlens::core {

/// Two runs may share their tensors when their model (but for how its weights begin), vocabulary,
/// longest sequence, precision and batch size are equal. The JSON pointer of the first part in
/// which they are not; empty when they are.
std::string shapeDifference(const ExperimentSpec& a, const ExperimentSpec& b);

/// Why runs of this experiment are trained alone wherever they are, for "Kernel 'fleet' cannot
/// train this: .."; empty when they may share tensors with others.
std::string whyNoFleet(const ExperimentSpec& spec);

}  // namespace anchorlens::core
