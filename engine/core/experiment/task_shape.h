// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "engine/core/language/ast.h"

#include <optional>
#include <string>
#include <vector>

/// What can be read off a task's texts without compiling it: works on a task with problems, too.
namespace anchorlens::core {

/// Anchor variables and keys of a pattern, in the order of their first place.
std::vector<std::string> anchorVariables(const Pattern& pattern);
std::vector<std::string> keyVariables(const Pattern& pattern);
/// Of all patterns that can be read.
std::vector<std::string> keyVariables(const TaskSpec& task);
/// Tokens that stand in the target as anchors that are applied, sorted: 3 of `* 3 x * -> 3(x)`.
std::vector<int> appliedTokens(const Pattern& pattern);
/// Those of all patterns that can be read.
std::vector<int> appliedTokens(const TaskSpec& task);

/// The tokens that an anchor variable of a form may take: its own list, or every anchor's.
std::vector<int> allowedTokens(const TaskSpec& task, const FormSpec& form, const std::string& name);

/// The combinations of one or two anchor variables that can be shown as a list or a matrix.
struct CombinationPage {
  std::vector<std::string> variables;    ///< in the order of the pattern
  std::vector<std::vector<int>> tokens;  ///< of each variable, over all forms with these variables
  std::size_t form = 0;                  ///< the first of them
};
/// A page for each list of one or two variables that a readable pattern has.
std::vector<CombinationPage> combinationPages(const TaskSpec& task);
/// Whether the page has a place for these values.
bool isOnPage(const CombinationPage& page, const std::map<std::string, int>& values);
/// Whether some form draws this combination: a page's tokens may differ between forms, and
/// `distinct` leaves some out.
bool isDrawn(const TaskSpec& task, const CombinationPage& page,
             const std::map<std::string, int>& values);

/// What a key is drawn from: its entry of task.keys, or the noise.
const Intervals& keyIntervals(const TaskSpec& task, const std::string& name);

/// The key that a residue rule would look at first: "answer" where the target selects by match,
/// else the first key of the target; "x" without a pattern.
std::string residueKeyOf(const TaskSpec& task);

/// The positions that a key's first place can have, counted from 0, over all lengths and forms
/// with that key; "answer": over all keys that a match may select. Sorted.
std::vector<int> keyPositions(const TaskSpec& task, const std::string& name);

}  // namespace anchorlens::core
