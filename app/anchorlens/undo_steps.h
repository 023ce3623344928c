// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/draft_document.h"
#include "app/anchorlens/listed_run.h"
#include "app/anchorlens/view_settings.h"
#include "engine/core/experiment.h"

#include <QString>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace anchorlens::app {

/// What the steps of undo that are kept with a session can change.
struct UndoState {
  DraftState draft;
  ViewSettings view;
  ListedRuns runs;
};

/// The steps of undo as they are kept with a session. A step is what it changed: some hundred
/// bytes, where a draft has thousands. They are told outward from the state as it is, so that a
/// damaged step takes along only those beyond it.
struct UndoSteps {
  struct Step {
    QString text;       ///< continues "Undo ..."
    std::string patch;  ///< JSON Patch (RFC 6902) of an object of draft, file, view and runs
    bool operator==(const Step&) const = default;
  };
  std::vector<Step> done;    ///< the newest first; a patch leads to the state before the step
  std::vector<Step> undone;  ///< the next first; a patch leads to the state after the step
  std::size_t count() const { return done.size() + undone.size(); }
  bool operator==(const UndoSteps&) const = default;
};

std::string undoPatch(const core::ExperimentSpec& from, const core::ExperimentSpec& to);
std::string undoPatch(const DraftState& from, const DraftState& to);
std::string undoPatch(const ViewSettings& from, const ViewSettings& to);
std::string undoPatch(const RunEntry& from, const RunEntry& to);

struct UndoChange {
  UndoState from;
  UndoState to;
};

/// What the steps do from `now` on, one after the other, `most` of them: up to the first that
/// cannot be read, or does not change one thing: the draft, the view, or one run of the list. Of
/// runs, the states have only those that steps change.
std::vector<UndoChange> undoChanges(const UndoState& now, const std::vector<UndoSteps::Step>& steps,
                                    std::size_t most);

/// The run by which two lists differ, as each has it; nothing where they do not differ by one.
std::optional<std::pair<RunEntry, RunEntry>> changedRun(const ListedRuns& before,
                                                        const ListedRuns& after);

}  // namespace anchorlens::app
