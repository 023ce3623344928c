// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/expected.h"

#include <QString>

#include <cstdint>
#include <vector>

namespace anchorlens::app {

/// "1000, 6800 18400": steps between commas, semicolons or blanks. The error names the first word
/// that is none, and what one is.
core::Expected<std::vector<std::int64_t>, QString> readStepList(const QString& text);

}  // namespace anchorlens::app
