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

/// What could be typed at a place of a pattern.
struct Completions {
  TextSpan replaced;               ///< the word so far; empty where none has begun
  std::vector<std::string> texts;  ///< each begins with that word and is longer
};
/// `column` is a byte offset of the text, which need not parse. In the sequence: names in use, a
/// fresh key and a fresh anchor, `anchor_tokens`, gap, noise, blocks and the arrow. In the answer:
/// keys, functions, and whole answers.
Completions completionsAt(std::string_view text, int column, const std::vector<int>& anchor_tokens);

}  // namespace anchorlens::core
