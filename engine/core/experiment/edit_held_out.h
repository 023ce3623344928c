// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <map>
#include <string>

/// Edits of a task as a person makes them: what anchors do, and what is held out. Pure: each
/// changes the values that it is given and nothing else.
namespace anchorlens::core {

/// A combination of anchors: {"A": 3, "B": 4}.
using AnchorValues = std::map<std::string, int>;

enum class CombinationState { Trained, HeldOut, Relabelled };

/// What the task says of one combination of anchors.
struct CombinationInfo {
  CombinationState state = CombinationState::Trained;
  int rule = -1;     ///< of held_out: the rule of just these values
  int relabel = -1;  ///< of relabel: the operation of just these values
  /// Of held_out: a rule of some of these values ({"A": 3}); it holds out this combination and
  /// others, whatever `rule` says.
  int wider_rule = -1;
  bool operator==(const CombinationInfo&) const = default;
};
CombinationInfo combinationInfo(const TaskSpec& task, const AnchorValues& values);

/// Set the state of one combination. A new rule or relabelling stands last; what else was said of
/// just this combination is removed, rules of fewer values stay.
void setTrained(TaskSpec& task, const AnchorValues& values);
void setHeldOut(TaskSpec& task, const AnchorValues& values);
void setRelabelled(TaskSpec& task, const AnchorValues& values, const std::string& operation);

/// The keys that an anchor is never trained with, of all its rules `keys`, as they stand there.
Intervals keysNeverTrained(const TaskSpec& task, int anchor);
/// One rule `keys` of the anchor with these intervals, at the place of its first; none without
/// intervals.
void setKeysNeverTrained(TaskSpec& task, int anchor, const Intervals& intervals);

/// Sorted, overlapping and touching ones joined.
Intervals joined(Intervals intervals);

/// Gives row `row` of the anchors another token; rules, relabellings, synonyms and lists of allowed
/// anchors follow, unless another row has the old token or the new one.
void renameAnchor(TaskSpec& task, std::size_t row, int token);
/// Removes row `row` and, when no other row has its token, what names it: rules, relabellings,
/// places in lists of allowed anchors (a list keeps its last token).
void removeAnchor(TaskSpec& task, std::size_t row);
/// A row with the smallest token above all others; returns it.
int addAnchor(TaskSpec& task);

}  // namespace anchorlens::core
