// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure/figure_canvas.h"
#include "widgets/time_scale.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

/// Fields with steps to the right and values upwards.
namespace anchorlens::widgets {

/// One field of curves: steps to x, values to y.
struct FigureField {
  QRectF box;
  TimeScale scale;
  double first = 0;  ///< steps
  double last = 1;
  double low = 0;
  double high = 1;
  bool is_log = false;

  double axisX(double axis) const {
    const double a = scale.toAxis(first);
    return box.left() + (axis - a) / (scale.toAxis(last) - a) * box.width();
  }
  double x(double step) const { return axisX(scale.toAxis(step)); }
  double y(double value) const {
    const auto f = [this](double v) { return is_log ? std::log10(std::max(v, 1e-300)) : v; };
    const double share = (f(value) - f(low)) / (f(high) - f(low));
    return box.bottom() - std::clamp(share, 0.0, 1.0) * box.height();
  }
  int columns() const { return std::max(50, static_cast<int>(box.width() / kUnitsPerInch * 300)); }
};

/// From step 0 to the newest one.
FigureField makeField(const FigureCanvas& canvas, const QRectF& box, std::int64_t newest);

/// Axes and a grid; the numbers of the vertical one.
void paintFrame(const FigureCanvas& canvas, const FigureField& field,
                const std::vector<double>& value_ticks);
/// Step numbers and the name of the axis under the lowest field; returns its height.
double paintStepAxis(const FigureCanvas& canvas, const FigureField& field);
/// What the vertical axis shows, at the left edge.
void paintValueName(const FigureCanvas& canvas, const FigureField& field, const QString& name);

}  // namespace anchorlens::widgets
