// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "engine/core/random.h"

/// An experiment whose every field is drawn from its range (texts from a few that are in the
/// language). Its form is right; as a task it need not make sense.
anchorlens::core::ExperimentSpec randomSpec(anchorlens::core::Random& random);
