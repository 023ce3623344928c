// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/view_settings.h"
#include "engine/core/experiment.h"

#include <QString>

#include <cstddef>
#include <string>
#include <vector>

namespace anchorlens::app {

/// What the steps of undo that are kept with a session can change.
struct UndoState {
  core::ExperimentSpec draft;
  ViewSettings view;
};

/// The steps of undo as they are kept with a session. A step is what it changed: some hundred
/// bytes, where a draft has thousands. They are told outward from the state as it is, so that a
/// damaged step takes along only those beyond it.
struct UndoSteps {
  struct Step {
    QString text;       ///< continues "Undo ..."
    std::string patch;  ///< JSON Patch (RFC 6902) of {"draft": ..., "view": ...}
    bool operator==(const Step&) const = default;
  };
  std::vector<Step> done;    ///< the newest first; a patch leads to the state before the step
  std::vector<Step> undone;  ///< the next first; a patch leads to the state after the step
  std::size_t count() const { return done.size() + undone.size(); }
  bool operator==(const UndoSteps&) const = default;
};

std::string undoPatch(const core::ExperimentSpec& from, const core::ExperimentSpec& to);
std::string undoPatch(const ViewSettings& from, const ViewSettings& to);

/// Where the steps lead from `now` on, one after the other, `most` of them: up to the first that
/// cannot be read, or does not change either the draft or the view.
std::vector<UndoState> undoStates(const UndoState& now, const std::vector<UndoSteps::Step>& steps,
                                  std::size_t most);

}  // namespace anchorlens::app
