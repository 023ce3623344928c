// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "engine/core/task/sequence_set.h"

#include <string>

namespace anchorlens::core {

/// Why the attention of two runs is not compared, a sentence with the numbers: another vocabulary,
/// length or mask, or no heads. Empty: it can be.
std::string whyNotComparable(const ExperimentSpec& first, const std::string& first_name,
                             const ExperimentSpec& second, const std::string& second_name);

/// Whether the shown sequences of two probes are the same: only then one sequence of both can be
/// looked at; their means always can.
bool isSameProbe(const SequenceSet& first, const SequenceSet& second);

/// Two runs of one set-up: the same experiment but for its name, seeds, device and threads.
bool isSameSetUp(const ExperimentSpec& first, const ExperimentSpec& second);

/// 16 hexadecimal digits, the same for all runs of one set-up, for lists of many runs.
std::string setUpHash(const ExperimentSpec& spec);

}  // namespace anchorlens::core
