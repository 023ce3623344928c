// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/language/language.h"

#include <string>
#include <string_view>
#include <vector>

namespace anchorlens::core {

/// Answers that a sequence could have, the most likely first: its keys, its anchors applied to
/// them, match and nearest where pairs and a question stand.
std::vector<std::string> suggestedTargets(const Sequence& items);

/// What could be typed at a place of a text.
struct Completions {
  TextSpan replaced;               ///< the word so far; empty where none has begun
  std::vector<std::string> texts;  ///< each begins with that word and is longer
  std::vector<std::string> notes;  ///< what each means; empty: they speak for themselves
};
/// Of a pattern. `column` is a byte offset of the text, which need not parse. In the sequence:
/// names in use, a fresh key and a fresh anchor, `anchor_tokens`, gap, noise, blocks and the arrow.
/// In the answer: keys, functions, and whole answers.
Completions completionsAt(std::string_view text, int column, const std::vector<int>& anchor_tokens);

/// Of an operation: whole ones at its start, the branch that is missing to 100 %, and words in a
/// sum; `anchor_tokens` are those that it can be the same as. Nothing behind a number, which is
/// whole as it stands, and nothing inside a text.
Completions operationCompletionsAt(std::string_view text, int column,
                                   const std::vector<int>& anchor_tokens);

}  // namespace anchorlens::core
