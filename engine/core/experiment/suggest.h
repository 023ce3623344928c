// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace anchorlens::core {

/// The name that was probably meant: few letters away, or one that contains what was typed
/// (`layers` for `n_layers`) or has it as initials (`lr` for `learning_rate`). Empty when nothing
/// is near.
std::string nearestName(std::string_view typed, const std::vector<std::string>& names);

/// `"a", "b", "c"`
std::string quotedList(const std::vector<std::string>& names);

/// `; did you mean "n_heads"?`, or `; expected one of "a", "b"` when nothing is near.
std::string suggestion(std::string_view typed, const std::vector<std::string>& names);

}  // namespace anchorlens::core
