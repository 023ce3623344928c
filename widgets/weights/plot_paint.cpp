// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/weights/plot_paint.h"

#include "widgets/fonts.h"
#include "widgets/text_paint.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>

namespace anchorlens::widgets {

namespace {

double shareOf(double value, double low, double high, bool is_log) {
  const auto f = [is_log](double v) { return is_log ? std::log10(std::max(v, 1e-300)) : v; };
  return high > low ? (f(value) - f(low)) / (f(high) - f(low)) : 0.5;
}

double squared(QPointF a, QPointF b) {
  const QPointF d = a - b;
  return QPointF::dotProduct(d, d);
}

PlotItem pointAt(const PlotLayout& layout, const ScatterPlot& plot, QPointF point, double reach) {
  PlotItem found;
  double least = reach * reach;
  for (std::size_t i = 0; i < plot.points.size(); ++i) {
    const double distance = squared(layout.place(plot.points[i].x, plot.points[i].y), point);
    if (distance <= least) {
      least = distance;
      found = {static_cast<int>(i), 0};
    }
  }
  return found;
}

/// The nearest place of any line, across first: lines are read by their x.
PlotItem lineAt(const PlotLayout& layout, const LinePlot& plot, QPointF point, double reach) {
  PlotItem found;
  double least = std::numeric_limits<double>::infinity();
  if (!layout.field.adjusted(-reach, -reach, reach, reach).contains(point))
    return found;
  for (std::size_t line = 0; line < plot.lines.size(); ++line) {
    const auto& series = plot.lines[line];
    for (std::size_t i = 0; i < series.xs.size(); ++i) {
      const QPointF place =
          layout.place(series.xs[i], series.ys[i], series.style == LinePlot::Style::Second);
      const double distance = squared(place, point);
      if (distance < least && std::abs(place.x() - point.x()) <= 4 * reach) {
        least = distance;
        found = {static_cast<int>(line), static_cast<int>(i)};
      }
    }
  }
  return found;
}

}  // namespace

QPointF PlotLayout::place(double x, double y, bool on_right_axis) const {
  const double across = shareOf(x, x_low, x_high, false);
  const double up =
      on_right_axis ? shareOf(y, right_low, right_high, false) : shareOf(y, y_low, y_high, is_log);
  return {field.left() + across * field.width(), field.bottom() - up * field.height()};
}

PlotLayout layoutPlot(const QRectF& area, const Plot& plot, const PlotStyle& style) {
  if (const MatrixPlot* matrix = plot.matrix())
    return layoutMatrix(area, *matrix, style);
  if (const ScatterPlot* scatter = plot.scatter())
    return layoutPoints(area, *scatter, style);
  if (const LinePlot* lines = plot.lines())
    return layoutLines(area, *lines, style);
  PlotLayout layout;
  layout.field = area;
  return layout;
}

void paintPlot(QPainter& painter, const PlotLayout& layout, const Plot& plot,
               const PlotStyle& style, const Theme& theme) {
  if (layout.field.width() <= 0 || layout.field.height() <= 0)
    return;
  painter.save();
  if (const MatrixPlot* matrix = plot.matrix())
    paintMatrix(painter, layout, *matrix, style, theme);
  else if (const ScatterPlot* scatter = plot.scatter())
    paintPoints(painter, layout, *scatter, style, theme);
  else if (const LinePlot* lines = plot.lines())
    paintLines(painter, layout, *lines, style, theme);
  painter.restore();
}

PlotItem itemAt(const PlotLayout& layout, const Plot& plot, QPointF point, double reach) {
  if (const MatrixPlot* matrix = plot.matrix()) {
    if (!layout.field.contains(point))
      return {};
    const auto share = [](double at, double from, double length, int n) {
      return std::clamp(static_cast<int>((at - from) / length * n), 0, n - 1);
    };
    return {share(point.y(), layout.field.top(), layout.field.height(), matrix->rows),
            share(point.x(), layout.field.left(), layout.field.width(), matrix->cols)};
  }
  if (const ScatterPlot* scatter = plot.scatter())
    return pointAt(layout, *scatter, point, reach);
  if (const LinePlot* lines = plot.lines())
    return lineAt(layout, *lines, point, reach);
  return {};
}

QRectF itemRect(const PlotLayout& layout, const Plot& plot, PlotItem item) {
  if (!contains(plot, item))
    return {};
  if (const MatrixPlot* matrix = plot.matrix()) {
    const double width = layout.field.width() / matrix->cols;
    const double height = layout.field.height() / matrix->rows;
    return {layout.field.left() + item.second * width, layout.field.top() + item.first * height,
            width, height};
  }
  QPointF place;
  if (const ScatterPlot* scatter = plot.scatter()) {
    const auto& point = scatter->points[static_cast<std::size_t>(item.first)];
    place = layout.place(point.x, point.y);
  } else {
    const auto& line = plot.lines()->lines[static_cast<std::size_t>(item.first)];
    const auto i = static_cast<std::size_t>(item.second);
    place = layout.place(line.xs[i], line.ys[i], line.style == LinePlot::Style::Second);
  }
  QRectF box(0, 0, 10, 10);
  box.moveCenter(place);
  return box;
}

void paintXAxis(QPainter& painter, const PlotLayout& layout, const std::vector<AxisTick>& ticks,
                const QString& title, const PlotStyle& style, const Theme& theme) {
  const double f = style.font_px;
  const QFont font = monoFont(f * 0.85);
  double taken = -1e9;
  for (const AxisTick& tick : ticks) {
    painter.setPen(QPen(theme.rule, style.unit));
    painter.drawLine(QPointF(tick.at, layout.field.top()), QPointF(tick.at, layout.field.bottom()));
    QRectF box(0, layout.field.bottom() + f * 0.25, textWidth(tick.text, font), f * 1.3);
    box.moveCenter(QPointF(tick.at, box.center().y()));
    if (!style.axes || box.left() < taken)
      continue;
    taken = box.right() + f * 0.6;
    paintText(painter, box, Qt::AlignHCenter | Qt::AlignVCenter, tick.text, font, theme.text_second,
              style.text_as_paths);
  }
  if (style.axes)
    paintText(
        painter,
        QRectF(layout.field.left(), layout.field.bottom() + f * 1.5, layout.field.width(), f * 1.4),
        Qt::AlignHCenter | Qt::AlignVCenter, title, textFont(f * 0.9), theme.text_second,
        style.text_as_paths);
}

void paintYAxis(QPainter& painter, const PlotLayout& layout, const std::vector<AxisTick>& ticks,
                const QString& title, const PlotStyle& style, const Theme& theme) {
  const double f = style.font_px;
  const QFont font = monoFont(f * 0.85);
  for (const AxisTick& tick : ticks) {
    painter.setPen(QPen(theme.rule, style.unit));
    painter.drawLine(QPointF(layout.field.left(), tick.at), QPointF(layout.field.right(), tick.at));
    if (style.axes)
      paintText(painter, QRectF(layout.field.left() - f * 4.4, tick.at - f, f * 4.1, 2 * f),
                Qt::AlignRight | Qt::AlignVCenter, tick.text, font, theme.text_second,
                style.text_as_paths);
  }
  if (style.axes)
    paintTextUpwards(
        painter,
        QRectF(layout.field.left() - f * 4.9, layout.field.top(), f * 1.4, layout.field.height()),
        Qt::AlignHCenter | Qt::AlignVCenter, title, textFont(f * 0.9), theme.text_second,
        style.text_as_paths);
}

std::vector<double> roundTicks(double low, double high, int count) {
  std::vector<double> ticks;
  if (!(high > low) || count < 1)
    return ticks;
  const double raw = (high - low) / count;
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  double step = 10 * power;
  for (const double nice : {1.0, 2.0, 5.0}) {
    if (nice * power >= raw) {
      step = nice * power;
      break;
    }
  }
  for (double at = std::ceil(low / step) * step; at <= high + step * 1e-9; at += step)
    ticks.push_back(std::abs(at) < step * 1e-9 ? 0.0 : at);
  return ticks;
}

}  // namespace anchorlens::widgets
