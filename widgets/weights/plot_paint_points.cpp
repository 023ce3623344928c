// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/fonts.h"
#include "widgets/plain_number.h"
#include "widgets/text_paint.h"
#include "widgets/weights/plot_paint.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

/// More points than this get no numbers: they would hide each other.
constexpr std::size_t kMostLabelled = 400;

double radiusOf(const ScatterPlot::Point& point, double font_px) {
  return font_px * (!point.is_used ? 0.17 : point.role == TokenRole::Anchor ? 0.36 : 0.27);
}

void paintPoint(QPainter& painter, QPointF at, const ScatterPlot::Point& point, double font_px,
                double unit, const Theme& theme) {
  const double r = radiusOf(point, font_px);
  const QRectF box(at.x() - r, at.y() - r, 2 * r, 2 * r);
  painter.setPen(QPen(theme.plot, unit * 0.8));
  painter.setBrush(point.is_used ? theme.token(point.role).text
                                 : mixed(theme.plot, theme.text_muted, 0.6));
  if (point.role == TokenRole::Anchor)
    painter.drawRect(box);
  else if (point.role == TokenRole::Answer)
    painter.drawPolygon(QPolygonF({{at.x(), at.y() - 1.3 * r},
                                   {at.x() + 1.2 * r, at.y() + r},
                                   {at.x() - 1.2 * r, at.y() + r}}));
  else
    painter.drawEllipse(box);
}

/// Which points are offered a number, in this order: anchors, round numbers, the others.
std::vector<std::size_t> labelOrder(const ScatterPlot& plot) {
  std::vector<std::size_t> order;
  const auto rank = [&plot](std::size_t i) {
    const auto& point = plot.points[i];
    if (point.role == TokenRole::Anchor)
      return 0;
    const int number = point.text.toInt();
    return number % 10 == 0 ? 1 : number % 5 == 0 ? 2 : 3;
  };
  for (std::size_t i = 0; i < plot.points.size(); ++i) {
    if (plot.points[i].is_used)
      order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&rank](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  if (order.size() > kMostLabelled)
    order.resize(kMostLabelled);
  return order;
}

/// Numbers beside their points where neither points nor other numbers are in the way; the anchors'
/// stand in any case.
void paintLabels(QPainter& painter, const PlotLayout& layout, const ScatterPlot& plot,
                 const PlotStyle& style, const Theme& theme) {
  const double f = style.font_px;
  std::vector<QRectF> taken;
  for (const auto& point : plot.points) {
    const double r = radiusOf(point, f) * 0.9;
    const QPointF at = layout.place(point.x, point.y);
    taken.emplace_back(at.x() - r, at.y() - r, 2 * r, 2 * r);
  }
  for (const std::size_t i : labelOrder(plot)) {
    const auto& point = plot.points[i];
    const bool is_anchor = point.role == TokenRole::Anchor;
    const QFont font = monoFont(f * 0.85, is_anchor ? Weight::SemiBold : Weight::Regular);
    const QPointF at = layout.place(point.x, point.y);
    const double r = radiusOf(point, f) + f * 0.2;
    const QSizeF size(textWidth(point.text, font), f * 0.95);
    const QPointF corners[] = {{at.x() + r, at.y() - size.height() / 2},
                               {at.x() - r - size.width(), at.y() - size.height() / 2},
                               {at.x() - size.width() / 2, at.y() - r - size.height()},
                               {at.x() - size.width() / 2, at.y() + r}};
    std::optional<QRectF> box;
    for (const QPointF& corner : corners) {
      const QRectF tried(corner, size);
      const bool is_free =
          layout.field.contains(tried) &&
          std::none_of(taken.begin(), taken.end(), [&](QRectF t) { return t.intersects(tried); });
      if (is_free) {
        box = tried;
        break;
      }
    }
    if (!box && is_anchor)
      box = QRectF(corners[0], size);
    if (!box)
      continue;
    taken.push_back(box->adjusted(-f * 0.1, 0, f * 0.1, 0));
    paintText(painter, *box, Qt::AlignHCenter | Qt::AlignVCenter, point.text, font,
              is_anchor ? theme.token(point.role).text : theme.text_second, style.text_as_paths);
  }
}

/// What the shapes mean, in the order of the points, in a row over the field.
void paintLegend(QPainter& painter, const PlotLayout& layout, const ScatterPlot& plot,
                 const PlotStyle& style, const Theme& theme) {
  const double f = style.font_px;
  const QFont font = textFont(f * 0.9);
  std::vector<const ScatterPlot::Point*> kinds;
  for (const auto& point : plot.points) {
    const bool is_new = std::none_of(kinds.begin(), kinds.end(),
                                     [&point](const auto* kind) { return kind->use == point.use; });
    if (is_new)
      kinds.push_back(&point);
  }
  std::stable_sort(kinds.begin(), kinds.end(),
                   [](const auto* a, const auto* b) { return a->is_used > b->is_used; });
  double x = layout.field.left();
  const double y = layout.field.top() - f * 0.9;
  for (const auto* kind : kinds) {
    const double width = textWidth(kind->use, font);
    if (x + width + f > layout.field.right())
      break;
    paintPoint(painter, {x + f * 0.4, y}, *kind, f, style.unit, theme);
    paintText(painter, QRectF(x + f, y - f * 0.7, width, f * 1.4), Qt::AlignLeft | Qt::AlignVCenter,
              kind->use, font, theme.text_second, style.text_as_paths);
    x += f * 2.2 + width;
  }
}

std::vector<AxisTick> ticksOf(const PlotLayout& layout, bool is_x, int count) {
  std::vector<AxisTick> ticks;
  const double low = is_x ? layout.x_low : layout.y_low;
  const double high = is_x ? layout.x_high : layout.y_high;
  for (const double value : roundTicks(low, high, count)) {
    const QPointF at = layout.place(is_x ? value : layout.x_low, is_x ? layout.y_low : value);
    ticks.push_back({is_x ? at.x() : at.y(), formatShort(value, 3)});
  }
  return ticks;
}

}  // namespace

PlotLayout layoutPoints(const QRectF& area, const ScatterPlot& plot, const PlotStyle& style) {
  PlotLayout layout;
  const double f = style.font_px;
  layout.field = style.axes ? area.adjusted(f * 5, f * 1.8, -f * 0.8, -f * 3.1)
                            : area.adjusted(style.unit, style.unit, -style.unit, -style.unit);
  if (plot.points.empty())
    return layout;
  const auto range = [&plot](double ScatterPlot::Point::*of, double& low, double& high) {
    low = high = plot.points.front().*of;
    for (const auto& point : plot.points) {
      low = std::min(low, point.*of);
      high = std::max(high, point.*of);
    }
    const double air = high > low ? (high - low) * 0.06 : 1;
    low -= air;
    high += air;
  };
  range(&ScatterPlot::Point::x, layout.x_low, layout.x_high);
  range(&ScatterPlot::Point::y, layout.y_low, layout.y_high);
  return layout;
}

void paintPoints(QPainter& painter, const PlotLayout& layout, const ScatterPlot& plot,
                 const PlotStyle& style, const Theme& theme) {
  const double f = style.font_px;
  painter.setRenderHint(QPainter::Antialiasing);
  painter.fillRect(layout.field, theme.plot);
  const int across = std::max(1, static_cast<int>(layout.field.width() / (f * 4)));
  const int down = std::max(1, static_cast<int>(layout.field.height() / (f * 4)));
  paintXAxis(painter, layout, ticksOf(layout, true, across), plot.x_title, style, theme);
  paintYAxis(painter, layout, ticksOf(layout, false, down), plot.y_title, style, theme);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(theme.border, style.unit));
  painter.drawRect(layout.field);
  // What nobody uses lies under the rest, and the anchors on top.
  for (const int layer : {0, 1, 2}) {
    for (const auto& point : plot.points) {
      const int of = !point.is_used ? 0 : point.role == TokenRole::Anchor ? 2 : 1;
      if (of == layer)
        paintPoint(painter, layout.place(point.x, point.y), point, style.axes ? f : f * 0.7,
                   style.unit, theme);
    }
  }
  painter.setBrush(Qt::NoBrush);
  if (style.axes) {
    paintLabels(painter, layout, plot, style, theme);
    paintLegend(painter, layout, plot, style, theme);
  }
}

}  // namespace anchorlens::widgets
