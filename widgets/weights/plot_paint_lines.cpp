// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/fonts.h"
#include "widgets/number_format.h"
#include "widgets/plain_number.h"
#include "widgets/text_paint.h"
#include "widgets/weights/plot_paint.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <limits>

namespace anchorlens::widgets {

namespace {

/// Below this share of the largest value a logarithmic axis ends: weights in float32 say no more.
constexpr double kLowestShare = 1e-7;
constexpr std::size_t kMostMarkers = 80;

QPen penOf(LinePlot::Style kind, const PlotStyle& style, const Theme& theme) {
  const double width = 1.5 * style.unit;
  switch (kind) {
    case LinePlot::Style::Main:
      return {theme.accent, width};
    case LinePlot::Style::Dimmed:
      return {theme.text_muted, width, Qt::DotLine};
    case LinePlot::Style::Second:
      break;
  }
  return {theme.text, width, Qt::DashLine};
}

QPainterPath pathOf(const PlotLayout& layout, const LinePlot::Line& line) {
  QPainterPath path;
  bool is_open = false;
  for (std::size_t i = 0; i < line.xs.size(); ++i) {
    const bool is_shown =
        std::isfinite(line.ys[i]) && (!layout.is_log || line.ys[i] >= layout.y_low);
    if (is_shown) {
      const QPointF at =
          layout.place(line.xs[i], line.ys[i], line.style == LinePlot::Style::Second);
      if (is_open)
        path.lineTo(at);
      else
        path.moveTo(at);
    }
    is_open = is_shown;
  }
  return path;
}

void paintMarkers(QPainter& painter, const PlotLayout& layout, const LinePlot::Line& line,
                  const PlotStyle& style, const Theme& theme) {
  if (line.xs.size() > kMostMarkers || line.style == LinePlot::Style::Dimmed)
    return;
  const double r = style.font_px * 0.14;
  painter.setPen(Qt::NoPen);
  painter.setBrush(penOf(line.style, style, theme).color());
  for (std::size_t i = 0; i < line.xs.size(); ++i) {
    if (std::isfinite(line.ys[i]) && (!layout.is_log || line.ys[i] >= layout.y_low))
      painter.drawEllipse(
          layout.place(line.xs[i], line.ys[i], line.style == LinePlot::Style::Second), r, r);
  }
  painter.setBrush(Qt::NoBrush);
}

std::vector<AxisTick> valueTicks(const PlotLayout& layout, double font_px) {
  std::vector<AxisTick> ticks;
  std::vector<double> values;
  const int count = std::max(1, static_cast<int>(layout.field.height() / (font_px * 2.6)));
  if (layout.is_log) {
    const double low = std::log10(layout.y_low);
    const double high = std::log10(layout.y_high);
    const int step = std::max(1, static_cast<int>(std::ceil((high - low) / count)));
    for (int power = static_cast<int>(std::ceil(low)); power <= high; power += step)
      values.push_back(std::pow(10.0, power));
    if (values.size() < 2)
      values = roundTicks(layout.y_low, layout.y_high, std::min(count, 3));
  } else {
    values = roundTicks(layout.y_low, layout.y_high, count);
  }
  for (const double value : values)
    ticks.push_back({layout.place(layout.x_low, value).y(), formatShort(value, 3)});
  return ticks;
}

std::vector<AxisTick> stepTicks(const PlotLayout& layout, double font_px) {
  std::vector<AxisTick> ticks;
  const int count = std::max(1, static_cast<int>(layout.field.width() / (font_px * 4.5)));
  for (const double value : roundTicks(layout.x_low, layout.x_high, count)) {
    if (value == std::floor(value))
      ticks.push_back(
          {layout.place(value, layout.y_low).x(), formatInteger(static_cast<std::int64_t>(value))});
  }
  return ticks;
}

void paintRightAxis(QPainter& painter, const PlotLayout& layout, const LinePlot& plot,
                    const PlotStyle& style, const Theme& theme) {
  const double f = style.font_px;
  for (const double value : {0.0, 0.5, 1.0}) {
    const double y = layout.place(layout.x_low, value, true).y();
    paintText(painter, QRectF(layout.field.right() + f * 0.35, y - f, f * 2, 2 * f),
              Qt::AlignLeft | Qt::AlignVCenter, QString::number(value), monoFont(f * 0.85),
              theme.text_second, style.text_as_paths);
  }
  paintTextUpwards(
      painter,
      QRectF(layout.field.right() + f * 2.1, layout.field.top(), f * 1.4, layout.field.height()),
      Qt::AlignHCenter | Qt::AlignVCenter, plot.right_title, textFont(f * 0.9), theme.text_second,
      style.text_as_paths);
}

void paintLegend(QPainter& painter, const PlotLayout& layout, const LinePlot& plot,
                 const PlotStyle& style, const Theme& theme) {
  const double f = style.font_px;
  const QFont font = textFont(f * 0.9);
  double x = layout.field.left();
  const double y = layout.field.top() - f * 0.8;
  for (const auto& line : plot.lines) {
    const double width = textWidth(line.name, font);
    painter.setPen(penOf(line.style, style, theme));
    painter.drawLine(QPointF(x, y), QPointF(x + f * 1.8, y));
    paintText(painter, QRectF(x + f * 2.2, y - f * 0.7, width, f * 1.4),
              Qt::AlignLeft | Qt::AlignVCenter, line.name, font, theme.text_second,
              style.text_as_paths);
    x += f * 3.4 + width;
  }
}

}  // namespace

PlotLayout layoutLines(const QRectF& area, const LinePlot& plot, const PlotStyle& style) {
  PlotLayout layout;
  const double f = style.font_px;
  const double right = plot.right_title.isEmpty() ? f * 0.8 : f * 3.7;
  layout.field = style.axes ? area.adjusted(f * 5, f * 1.7, -right, -f * 3.1)
                            : area.adjusted(style.unit, style.unit, -style.unit, -style.unit);
  layout.is_log = plot.is_log;
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  double first = low;
  double last = -low;
  for (const auto& line : plot.lines) {
    for (std::size_t i = 0; i < line.xs.size(); ++i) {
      first = std::min(first, line.xs[i]);
      last = std::max(last, line.xs[i]);
      if (!std::isfinite(line.ys[i]) || line.style == LinePlot::Style::Second)
        continue;
      high = std::max(high, line.ys[i]);
      if (!plot.is_log || line.ys[i] > 0)
        low = std::min(low, line.ys[i]);
    }
  }
  layout.x_low = std::isfinite(first) ? first : 0;
  layout.x_high = std::isfinite(last) && last > layout.x_low ? last : layout.x_low + 1;
  const bool has_values = std::isfinite(high) && std::isfinite(low);
  if (plot.is_log) {
    layout.y_high = has_values ? high * 1.2 : 1;
    layout.y_low = has_values ? std::max(low / 1.2, layout.y_high * kLowestShare) : 0.1;
  } else {
    layout.y_low = 0;
    layout.y_high = has_values && high > 0 ? high * 1.08 : 1;
  }
  layout.right_low = 0;
  layout.right_high = 1.08;
  return layout;
}

void paintLines(QPainter& painter, const PlotLayout& layout, const LinePlot& plot,
                const PlotStyle& style, const Theme& theme) {
  painter.setRenderHint(QPainter::Antialiasing);
  painter.fillRect(layout.field, theme.plot);
  paintXAxis(painter, layout, stepTicks(layout, style.font_px), plot.x_title, style, theme);
  paintYAxis(painter, layout, valueTicks(layout, style.font_px), plot.y_title, style, theme);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(theme.border, style.unit));
  painter.drawRect(layout.field);
  // Dimmed ones lie behind.
  for (const bool is_behind : {true, false}) {
    for (const auto& line : plot.lines) {
      if ((line.style == LinePlot::Style::Dimmed) != is_behind)
        continue;
      painter.setPen(penOf(line.style, style, theme));
      painter.drawPath(pathOf(layout, line));
      if (style.axes)
        paintMarkers(painter, layout, line, style, theme);
    }
  }
  if (plot.cursor) {
    const double x = layout.place(*plot.cursor, layout.y_low).x();
    painter.setPen(QPen(theme.time_cursor, 1.2 * style.unit));
    painter.drawLine(QPointF(x, layout.field.top()), QPointF(x, layout.field.bottom()));
  }
  if (!style.axes)
    return;
  if (!plot.right_title.isEmpty())
    paintRightAxis(painter, layout, plot, style, theme);
  paintLegend(painter, layout, plot, style, theme);
}

}  // namespace anchorlens::widgets
