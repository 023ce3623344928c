// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/experiment.h"

#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

/// What removes a problem of an experiment with one click.
namespace anchorlens::core {

struct Repair {
  std::string pointer;  ///< of the problem that it removes, as in SpecError
  std::string label;    ///< the text of a button: "Length 11", "Back to x+1"
  ExperimentSpec next;  ///< the experiment with the change made
};

inline constexpr std::size_t kRepairsAProblem = 2;

/// Up to two repairs for each of `errors`, which checkExperiment(spec) gave, in their order. Every
/// one was tried: checkExperiment no longer reports the problem, and nothing that was right before
/// is reported. `last_good` is an experiment to go back to ("Back to x+1"); null: not offered.
/// Bounded: at most 8 tries a problem and 64 in all; `stop` is looked at between two of them (then
/// what was found so far is returned). Pure; any thread.
std::vector<Repair> repairsOf(const ExperimentSpec& spec, const SpecErrors& errors,
                              const ExperimentSpec* last_good = nullptr, std::stop_token stop = {});

}  // namespace anchorlens::core
