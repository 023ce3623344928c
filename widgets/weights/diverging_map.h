// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/colour_map.h"
#include "widgets/theme.h"

#include <QList>

namespace anchorlens::widgets {

/// From blue (-1) through the theme's neutral (0) to orange (+1): seven stops, mixed between.
QRgb divergingColourAt(double value, bool is_dark);

/// Colours of MatrixPlot::cells, 256 of them; the last one, for cells that do not exist, is clear.
QList<QRgb> plotColours(bool is_signed, ColourMap map, bool is_dark);

}  // namespace anchorlens::widgets
