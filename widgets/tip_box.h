// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/head_map_data.h"
#include "widgets/theme.h"

#include <QRectF>

class QPainter;

namespace anchorlens::widgets {

/// The tooltip of what is under the pointer or the keyboard, beside `cell` and inside `visible`.
/// `f`: the size of the interface font in pixels.
void paintTipBox(QPainter& painter, const QRectF& visible, const QRectF& cell, const CellTip& tip,
                 double f, const Theme& theme);

}  // namespace anchorlens::widgets
