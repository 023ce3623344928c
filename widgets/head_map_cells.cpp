// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/head_values.h"

#include <QImage>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <vector>

namespace anchorlens::widgets {

namespace {

struct Cells {
  QRectF area;
  int n = 0;
  double edge() const { return area.width() / n; }
  double x(int column) const { return area.left() + column * edge(); }
  double y(int row) const { return area.top() + row * edge(); }
};

/// Hatching above the diagonal: "not allowed" must not look like zero. The lines are cut by
/// computing, not by clipping, which SVG files would lose.
QPainterPath hatchLines(const Cells& cells, double distance) {
  QPainterPath path;
  const double size = cells.area.width();
  const double edge = cells.edge();
  for (double sum = distance; sum < 2 * size; sum += distance) {  // the line x + y = sum
    double from = size + 1;
    double to = -1;
    for (int row = 0; row < cells.n; ++row) {
      const double low = std::max((row + 1) * edge, sum - (row + 1) * edge);
      const double high = std::min(size, sum - row * edge);
      if (low < high) {
        from = std::min(from, low);
        to = std::max(to, high);
      }
    }
    if (from < to) {
      path.moveTo(cells.area.left() + from, cells.area.top() + sum - from);
      path.lineTo(cells.area.left() + to, cells.area.top() + sum - to);
    }
  }
  return path;
}

void paintMask(QPainter& painter, const Cells& cells, const HeadMapOptions& options,
               const Theme& theme) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  const double distance = std::max(4.0, cells.area.width() > 200 * options.unit ? 7.0 : 5.0);
  painter.setPen(QPen(theme.mask_hatch, options.unit));
  painter.setBrush(Qt::NoBrush);
  painter.drawPath(hatchLines(cells, distance * options.unit));
  painter.restore();
}

QImage cellImage(const HeadMapData& data, const HeadMapOptions& options, const MapScale& scale,
                 bool is_dark) {
  QImage image(data.length, data.length, QImage::Format_ARGB32_Premultiplied);
  image.fill(Qt::transparent);
  for (int reader = 0; reader < data.length; ++reader) {
    for (int source = 0; source < data.length; ++source) {
      const Cell cell{reader, source};
      if (data.allows(cell)) {
        image.setPixel(source, reader, colourOn(scale, data.at(cell), options.map, is_dark));
      }
    }
  }
  return image;
}

/// Rectangles grow a little to the right and down, under the next ones: viewers otherwise show
/// hairlines between neighbours.
void paintRectangles(QPainter& painter, const Cells& cells, const HeadMapData& data,
                     const HeadMapOptions& options, const MapScale& scale, bool is_dark) {
  painter.setPen(Qt::NoPen);
  const double overlap = std::min(0.3 * cells.edge(), options.unit);
  for (int reader = 0; reader < data.length; ++reader) {
    for (int source = 0; source < data.length; ++source) {
      const Cell cell{reader, source};
      if (!data.allows(cell)) {
        continue;
      }
      const bool is_last_column = source + 1 == data.length || !data.allows({reader, source + 1});
      const double dx = is_last_column ? 0 : overlap;
      const double dy = reader + 1 == data.length ? 0 : overlap;
      painter.setBrush(QColor::fromRgb(colourOn(scale, data.at(cell), options.map, is_dark)));
      painter.drawRect(
          QRectF(cells.x(source), cells.y(reader), cells.edge() + dx, cells.edge() + dy));
    }
  }
  painter.setBrush(Qt::NoBrush);
}

/// Thin lines between large cells, in the colour of the page. One line a row and column, as long
/// as there are cells.
void paintGaps(QPainter& painter, const Cells& cells, const HeadMapData& data,
               const HeadMapOptions& options, const Theme& theme) {
  painter.setPen(QPen(theme.panel, options.unit, Qt::SolidLine, Qt::FlatCap));
  for (int i = 1; i < data.length; ++i) {
    const double last = data.causal ? cells.x(i + 1) : cells.area.right();
    painter.drawLine(QPointF(cells.area.left(), cells.y(i)), QPointF(last, cells.y(i)));
    const double first = data.causal ? cells.y(i - 1) : cells.area.top();
    painter.drawLine(QPointF(cells.x(i), first), QPointF(cells.x(i), cells.area.bottom()));
  }
}

void paintOutlines(QPainter& painter, const Cells& cells, const HeadMapData& data,
                   const HeadMapOptions& options, const Theme& theme) {
  painter.setBrush(Qt::NoBrush);
  painter.setRenderHint(QPainter::Antialiasing);
  const double width = (cells.edge() >= 16 * options.unit ? 1.6 : 1.0) * options.unit;
  for (const MapOutline& outline : data.outlines) {
    const QRectF box(QPointF(cells.x(outline.first.source), cells.y(outline.first.reader)),
                     QPointF(cells.x(outline.last.source + 1), cells.y(outline.last.reader + 1)));
    const double inset = width / 2;
    const double radius = cells.edge() >= 16 * options.unit ? 2 * options.unit : 0;
    // A dark and a light line: seen on both ends of every colour map.
    painter.setPen(QPen(theme.is_dark ? QColor(10, 14, 20) : QColor(255, 255, 255), width * 2));
    painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), radius, radius);
    painter.setPen(QPen(theme.token(outline.role).text, width));
    painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), radius, radius);
  }
}

}  // namespace

double scaleEnd(const HeadMapData& data, const HeadMapOptions& options) {
  if (!options.per_head || data.pattern.empty()) {
    return 1.0;
  }
  const double largest = *std::max_element(data.pattern.begin(), data.pattern.end());
  return largest > 0 ? largest : 1.0;
}

void paintHeadCells(QPainter& painter, const QRectF& area, const HeadMapData& data,
                    const HeadMapOptions& options, const Theme& theme) {
  paintHeadCells(painter, area, data, options, theme, MapScale{false, scaleEnd(data, options)});
}

void paintHeadCells(QPainter& painter, const QRectF& area, const HeadMapData& data,
                    const HeadMapOptions& options, const Theme& theme, const MapScale& scale) {
  if (data.isEmpty()) {
    return;
  }
  const Cells cells{area, data.length};
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing, false);
  painter.setPen(Qt::NoPen);
  painter.fillRect(area, theme.plot);
  if (data.causal) {
    paintMask(painter, cells, options, theme);
  }
  if (options.vector) {
    painter.setRenderHint(QPainter::Antialiasing);
    paintRectangles(painter, cells, data, options, scale, theme.is_dark);
  } else {
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.drawImage(area, cellImage(data, options, scale, theme.is_dark));
  }
  painter.setRenderHint(QPainter::Antialiasing, options.vector);
  if (options.gaps && cells.edge() >= 15 * options.unit) {
    paintGaps(painter, cells, data, options, theme);
  }
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(theme.border, options.unit));
  const double half = options.unit / 2;
  painter.setRenderHint(QPainter::Antialiasing);
  painter.drawRect(area.adjusted(-half, -half, half, half));
  if (options.outlines) {
    paintOutlines(painter, cells, data, options, theme);
  }
  painter.restore();
}

}  // namespace anchorlens::widgets
