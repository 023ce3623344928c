// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainterPath>
#include <QPen>
#include <QPointF>

#include <vector>

/// Curves over time, as the Timeline, Compare and the figures draw them.
namespace anchorlens::widgets {

/// Lines through points of ascending x; one that is not finite parts them. What lies beyond `left`
/// and `right` is cut off here, for SVG has no clip.
QPainterPath linePath(const std::vector<QPointF>& points, double left, double right);

/// What lies between a line of linePath() and the height `base`; gaps stay empty.
QPainterPath areaPath(const QPainterPath& line, double base);

/// Of the raw line that lies behind its smoothed one.
QPen rawPen(QPen smoothed, double width);

}  // namespace anchorlens::widgets
