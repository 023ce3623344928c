// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>

namespace anchorlens::widgets {

enum class ColourMap { Viridis, Cividis, Grey };
inline constexpr int kColourMaps = 3;

QString colourMapName(ColourMap map);

/// `value` in 0..1 (clamped; NaN is 0), one of 256 colours.
QRgb colourAt(ColourMap map, double value);

/// Black or white, whichever can be read on `background`: black from luminance 115 of 255 up.
QColor textOn(QRgb background);

/// 0.299 R + 0.587 G + 0.114 B, 0..255.
double luminance(QRgb colour);

}  // namespace anchorlens::widgets
