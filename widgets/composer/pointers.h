// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace anchorlens::widgets {

/// Whether a JSON pointer is `owner` or something in it.
inline bool isAtOrBelow(const std::string& pointer, const std::string& owner) {
  return pointer == owner || pointer.starts_with(owner + "/");
}

}  // namespace anchorlens::widgets
