// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/head_map.h"

#include <vector>

/// The other way to draw a head: tokens in two columns, sources left and readers right, a line for
/// each weight; width and opacity say how much.
namespace anchorlens::widgets {

/// `map` is the field between the columns, `cell` the distance of two tokens.
HeadMapLayout layoutHeadLines(const QRectF& area, const HeadMapData& data,
                              const HeadMapOptions& options);

/// `others`: all heads of the layer; the shown one is drawn last and strongest.
void paintHeadLines(QPainter& painter, const HeadMapLayout& layout, const HeadMapData& data,
                    const std::vector<HeadMapData>& others, Cell cell,
                    const HeadMapOptions& options, const Theme& theme);

/// The strongest line of this head within reach of a point; invalid when there is none.
Cell lineAt(const HeadMapLayout& layout, const HeadMapData& data, QPointF point);

/// Where the lines of a token begin or end, from column to column.
QRectF lineRow(const HeadMapLayout& layout, int token);

/// About the middle of a line: where its tooltip belongs.
QRectF lineRect(const HeadMapLayout& layout, Cell cell);

}  // namespace anchorlens::widgets
