// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

/// Numbers of any size as a reader expects them: "0.0006", "18 400", "−6·10⁻⁷", "10⁻⁵"; where files
/// have "6e-04". NaN is an en dash. Independent of the locale.
namespace anchorlens::widgets {

/// With as many digits that tell something: for axes, tips and rates.
QString formatShort(double value, int digits);
/// With all digits that the number has.
QString formatFull(double value);

}  // namespace anchorlens::widgets
