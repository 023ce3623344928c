// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/repair/text_repairs.h"

namespace anchorlens::core {

/// For a random answer such as `80% x | 10% x+1`: percentages scaled to 100, the last one made the
/// rest, branches of 0 % left out, `x | y` given equal shares. They may not parse.
std::vector<TextRepair> percentageRepairs(const std::string& operation);

}  // namespace anchorlens::core
