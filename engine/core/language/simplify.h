// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/language/ast.h"

namespace anchorlens::core {

/// The same function of its names, shorter where that is exact: sums and products are multiplied
/// out and collected, constants folded: (x+5)-2 is x+3, 3*(x-8) is 3*x-24. mod, min, max, abs,
/// applied anchors and selectors stay, with their arguments simplified. What could change where the
/// expression has a value (a remainder by something that is no positive number, a coefficient
/// beyond 10^12) comes back as it is.
Expr simplified(const Expr& expression);

}  // namespace anchorlens::core
