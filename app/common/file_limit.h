// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace anchorlens::app {

/// Lets this process and its children open up to 65,536 files, if the system allows it: a run that
/// is trained or watched holds several, and the usual limit is 1024.
void raiseFileLimit();

/// How many files this process may have open.
std::size_t fileLimit();

}  // namespace anchorlens::app
