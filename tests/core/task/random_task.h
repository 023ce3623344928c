// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "engine/core/random.h"

#include <string>

namespace anchorlens::test {

/// A small task at random: patterns with gaps, blocks, several keys and anchors, ranges that often
/// overlap, one to three rules. Many are wrong; that is part of the purpose.
core::TaskSpec randomTask(core::Random& random);

/// The task in a few lines, to find it again.
std::string describe(const core::TaskSpec& spec);

}  // namespace anchorlens::test
