// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace anchorlens::ctl {

/// The cores that this process may use; at least one.
std::vector<int> allowedCores();

/// Keeps the calling thread on a core; where that is not allowed it stays free. May be called
/// between fork and exec.
void pinTo(int core);

}  // namespace anchorlens::ctl
