// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/predictions/prediction_data.h"
#include "widgets/run_history.h"
#include "widgets/theme.h"

#include <QPointF>
#include <QRectF>
#include <QSizeF>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

class QPainter;

/// Accuracy or loss by group, on screen and in figures.
namespace anchorlens::widgets {

enum class GroupValue : std::uint8_t { Accuracy, Loss };
QString groupValueTitle(GroupValue value);  ///< "Accuracy by group"

/// One group over time.
struct GroupCurve {
  Series accuracy;
  Series loss;
};
/// [group]; at most `most` points each: of neighbours the lowest and the highest stay.
std::vector<GroupCurve> groupCurves(std::size_t n_groups, const std::vector<core::Metrics>& metrics,
                                    std::size_t most = 240);

/// The losses that the curves of all groups span, both ends above 0; none where none has any.
std::optional<std::pair<double, double>> lossRange(const std::vector<GroupCurve>& curves);
QString lossScaleText(const std::vector<GroupCurve>& curves);  ///< in words; empty without any

QString emptyGroupText(const GroupCell& cell);  ///< why it has no numbers

struct GroupPaintOptions {
  GroupValue value = GroupValue::Accuracy;
  double font_px = 13;
  double unit = 1;
  bool text_as_paths = false;
};

/// Where a cell lies, from the matrix's corner.
QRectF groupCell(const GroupMatrix& matrix, double font_px, int row, int column);
QSizeF groupsSize(const GroupMatrix& matrix, double font_px);
/// The value on the colour scale, and beside it over time with a line at `step`. A loss has the
/// colour of the probability that it stands for, e^-loss; its curves are logarithmic over
/// lossRange().
void paintGroups(QPainter& painter, QPointF corner, const GroupMatrix& matrix,
                 const std::vector<GroupCurve>& curves, std::int64_t step,
                 const GroupPaintOptions& options, const Theme& theme);

}  // namespace anchorlens::widgets
