// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace anchorlens::core::language {

/// A percentage with as many decimals as it needs, six at most: "80", "33.3".
std::string printPercent(double percent);

}  // namespace anchorlens::core::language
