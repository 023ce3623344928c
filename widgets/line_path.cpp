// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/line_path.h"

#include <QPolygonF>

#include <cmath>
#include <optional>

namespace anchorlens::widgets {

namespace {

constexpr double kRounding = 1e-6;  ///< what a point may be beyond the border and not be cut

QPointF cutAt(QPointF a, QPointF b, double x) {
  return {x, a.y() + (b.y() - a.y()) * (x - a.x()) / (b.x() - a.x())};
}

}  // namespace

QPainterPath linePath(const std::vector<QPointF>& points, double left, double right) {
  QPainterPath path;
  std::optional<QPointF> before;
  for (const QPointF& point : points) {
    if (!std::isfinite(point.y())) {
      before.reset();
      continue;
    }
    const bool is_left = point.x() < left - kRounding;
    const bool is_right = point.x() > right + kRounding;
    const bool was_left = before && before->x() < left - kRounding;
    const bool was_right = before && before->x() > right + kRounding;
    if (!before || was_right) {
      if (!is_left && !is_right)
        path.moveTo(point);
    } else if (!is_left) {
      if (was_left)
        path.moveTo(cutAt(*before, point, left));
      path.lineTo(is_right ? cutAt(*before, point, right) : point);
    }
    before = point;
  }
  return path;
}

QPainterPath areaPath(const QPainterPath& line, double base) {
  QPainterPath area;
  for (QPolygonF part : line.toSubpathPolygons()) {
    part << QPointF(part.last().x(), base) << QPointF(part.first().x(), base);
    area.addPolygon(part);
    area.closeSubpath();
  }
  return area;
}

QPen rawPen(QPen smoothed, double width) {
  QColor colour = smoothed.color();
  colour.setAlphaF(colour.alphaF() * 0.3F);
  smoothed.setColor(colour);
  smoothed.setStyle(Qt::SolidLine);
  smoothed.setWidthF(width);
  return smoothed;
}

}  // namespace anchorlens::widgets
