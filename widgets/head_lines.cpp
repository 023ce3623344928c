// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/head_lines.h"

#include "widgets/fonts.h"
#include "widgets/text_paint.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

constexpr double kFaintest = 0.02;  ///< weights below are not drawn

QLineF lineOf(const HeadMapLayout& layout, Cell cell) {
  const double top = layout.map.top() + layout.cell / 2;
  return {QPointF(layout.map.left(), top + cell.source * layout.cell),
          QPointF(layout.map.right(), top + cell.reader * layout.cell)};
}

double distanceTo(const QLineF& line, QPointF point) {
  const QPointF d = line.p2() - line.p1();
  const double length = d.x() * d.x() + d.y() * d.y();
  if (length <= 0) {
    return QLineF(line.p1(), point).length();
  }
  const QPointF v = point - line.p1();
  const double t = std::clamp((v.x() * d.x() + v.y() * d.y()) / length, 0.0, 1.0);
  return QLineF(line.p1() + t * d, point).length();
}

void paintLines(QPainter& painter, const HeadMapLayout& layout, const HeadMapData& data,
                const QColor& colour, double strength, const HeadMapOptions& options) {
  for (int reader = 0; reader < data.length; ++reader) {
    for (int source = 0; source < data.length; ++source) {
      const Cell cell{reader, source};
      const double value = data.allows(cell) ? static_cast<double>(data.at(cell)) : 0.0;
      if (value < kFaintest) {
        continue;
      }
      QColor c = colour;
      c.setAlphaF(static_cast<float>(std::clamp(0.08 + 0.92 * value, 0.0, 1.0) * strength));
      painter.setPen(QPen(c, (0.6 + 4.4 * value) * options.unit, Qt::SolidLine, Qt::RoundCap));
      painter.drawLine(lineOf(layout, cell));
    }
  }
}

void paintColumns(QPainter& painter, const HeadMapLayout& layout, const HeadMapData& data,
                  const HeadMapOptions& options, const Theme& theme) {
  const double f = options.font_px;
  const QFont font = textFont(f * 0.9);
  const QRectF head(layout.map.left() - layout.token_width, layout.map.top() - f * 1.8,
                    layout.map.width() + 2 * layout.token_width, f * 1.6);
  paintText(painter, head, Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("Source (attended to)"),
            font, theme.text_second, options.text_as_paths);
  paintText(painter, head, Qt::AlignRight | Qt::AlignVCenter, QStringLiteral("Reader"), font,
            theme.text_second, options.text_as_paths);
  const double token_px = std::min(f, layout.cell * 0.8);
  for (int i = 0; i < data.length; ++i) {
    const TokenText& token = data.tokens.at(static_cast<std::size_t>(i));
    const double y = layout.map.top() + i * layout.cell;
    const double inset = f * 0.5;
    const QRectF left(layout.map.left() - layout.token_width - inset, y, layout.token_width,
                      layout.cell);
    const QRectF right(layout.map.right() + inset, y, layout.token_width, layout.cell);
    paintToken(painter, left, token, token_px, theme, options.unit, options.text_as_paths);
    paintToken(painter, right, token, token_px, theme, options.unit, options.text_as_paths);
  }
}

}  // namespace

HeadMapLayout layoutHeadLines(const QRectF& area, const HeadMapData& data,
                              const HeadMapOptions& options) {
  HeadMapLayout layout;
  layout.length = data.length;
  if (data.isEmpty()) {
    return layout;
  }
  const double f = options.font_px;
  const QFont font = monoFont(f, Weight::SemiBold);
  for (const TokenText& token : data.tokens) {
    layout.token_width = std::max(layout.token_width, textWidth(token.text, font) + f * 1.1);
  }
  const double top = f * 2.2;
  const double room = (area.height() - top - f) / data.length;
  layout.cell = std::max({std::floor(std::min(room, f * 3)), options.min_cell, 4.0});
  const double side = layout.token_width + f;
  const double width = std::clamp(area.width() - 2 * side, f * 4, f * 34);
  const double left = area.left() + std::max(side, (area.width() - width) / 2);
  layout.map = QRectF(left, area.top() + top, width, layout.cell * data.length);
  layout.needed = QSizeF(width + 2 * side, layout.map.height() + top + f);
  return layout;
}

void paintHeadLines(QPainter& painter, const HeadMapLayout& layout, const HeadMapData& data,
                    const std::vector<HeadMapData>& others, Cell cell,
                    const HeadMapOptions& options, const Theme& theme) {
  if (data.isEmpty()) {
    return;
  }
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  for (const HeadMapData& other : others) {
    if (other.head != data.head && other.length == data.length) {
      paintLines(painter, layout, other, theme.run(other.head), 0.35, options);
    }
  }
  paintLines(painter, layout, data, theme.run(data.head), 1.0, options);
  if (data.contains(cell)) {
    painter.setPen(QPen(theme.text, 2 * options.unit));
    painter.drawLine(lineOf(layout, cell));
  }
  painter.restore();
  paintColumns(painter, layout, data, options, theme);
}

Cell lineAt(const HeadMapLayout& layout, const HeadMapData& data, QPointF point) {
  constexpr double kReach = 5;
  Cell best;
  double strongest = kFaintest;
  for (int reader = 0; reader < data.length; ++reader) {
    for (int source = 0; source < data.length; ++source) {
      const Cell cell{reader, source};
      if (data.allows(cell) && data.at(cell) > strongest &&
          distanceTo(lineOf(layout, cell), point) <= kReach) {
        strongest = data.at(cell);
        best = cell;
      }
    }
  }
  return best;
}

QRectF lineRow(const HeadMapLayout& layout, int token) {
  return {layout.map.left(), layout.map.top() + token * layout.cell, layout.map.width(),
          layout.cell};
}

QRectF lineRect(const HeadMapLayout& layout, Cell cell) {
  const QPointF middle = lineOf(layout, cell).center();
  return {middle - QPointF(4, 4), QSizeF(8, 8)};
}

}  // namespace anchorlens::widgets
