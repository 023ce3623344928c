// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/predictions/prediction_data.h"
#include "widgets/theme.h"

#include <QPointF>
#include <QRectF>
#include <QSizeF>

#include <cstdint>
#include <vector>

class QPainter;

/// Accuracy by group, on screen and in figures.
namespace anchorlens::widgets {

/// Accuracy of one group over time.
struct GroupCurve {
  std::vector<double> steps;
  std::vector<double> accuracy;
  bool operator==(const GroupCurve&) const = default;
};
/// [group]; at most `most` points each: of neighbours the lowest and the highest stay.
std::vector<GroupCurve> groupCurves(std::size_t n_groups, const std::vector<core::Metrics>& metrics,
                                    std::size_t most = 240);

struct GroupPaintOptions {
  double font_px = 13;
  double unit = 1;
  bool text_as_paths = false;
};

/// Where a cell lies, from the matrix's corner.
QRectF groupCell(const GroupMatrix& matrix, double font_px, int row, int column);
QSizeF groupsSize(const GroupMatrix& matrix, double font_px);
/// Accuracy on the colour scale, and beside it over time with a line at `step`.
void paintGroups(QPainter& painter, QPointF corner, const GroupMatrix& matrix,
                 const std::vector<GroupCurve>& curves, std::int64_t step,
                 const GroupPaintOptions& options, const Theme& theme);

}  // namespace anchorlens::widgets
