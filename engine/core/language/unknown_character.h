// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace anchorlens::core::language {

/// A character that the language does not use.
struct UnknownCharacter {
  std::size_t bytes = 1;  ///< of its UTF-8 form; 1 for a byte that is not UTF-8
  std::string problem;    ///< names it, and what to write instead where that can be guessed
};

/// Of the front of `text`, which is not empty.
UnknownCharacter unknownCharacter(std::string_view text);

}  // namespace anchorlens::core::language
