// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <QString>

#include <optional>
#include <string>
#include <vector>

namespace anchorlens::app {

/// The steps of undo of a draft as they are kept with a session: the oldest state, and what every
/// step changed in it. A step is some hundred bytes, where a state has thousands.
struct DraftSteps {
  struct Step {
    QString text;       ///< continues "Undo ..."
    std::string patch;  ///< JSON Patch (RFC 6902)
    bool operator==(const Step&) const = default;
  };
  std::string first;  ///< experiment, as JSON
  std::vector<Step> steps;
  int done = 0;  ///< so many of them lead to the draft; the others can be done again
  bool operator==(const DraftSteps&) const = default;
};

std::string draftPatch(const core::ExperimentSpec& before, const core::ExperimentSpec& after);
/// The first state and that after every step; empty when something is damaged.
std::optional<std::vector<core::ExperimentSpec>> draftStates(const DraftSteps& steps);

}  // namespace anchorlens::app
