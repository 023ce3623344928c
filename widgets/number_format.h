// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>

/// Numbers as the window and the figures write them. Independent of the locale.
namespace anchorlens::widgets {

inline constexpr QChar kThinSpace{0x2009};
inline constexpr QChar kMinus{0x2212};

/// 18400 -> "18 400" with a thin space; also 1 000; -5 -> U+2212 5.
QString formatInteger(std::int64_t value);
/// Two decimals, U+2212 for minus: "0.88"; NaN: an en dash. `with_sign`: "+0.79".
QString formatScore(double value, bool with_sign = false);
/// A share as per cent with one decimal: "99.8 %" (thin space).
QString formatAccuracy(double share);
/// Three decimals: "0.009".
QString formatLoss(double value);
/// In a cell of a heatmap: ".93", "1", "0".
QString formatCell(double value);
/// Shortest text that reads back as the same number, with '.'; for files.
QString formatExact(double value);
/// A name with formatInteger() in it, as files have it: "step 18400".
inline QString nameInFiles(QString name) {
  return name.remove(kThinSpace);
}

}  // namespace anchorlens::widgets
