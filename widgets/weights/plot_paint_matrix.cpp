// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/fonts.h"
#include "widgets/head_map.h"
#include "widgets/number_format.h"
#include "widgets/plain_number.h"
#include "widgets/text_paint.h"
#include "widgets/weights/diverging_map.h"
#include "widgets/weights/plot_paint.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

constexpr double kValueCell = 24;
constexpr double kLargestCell = 8;  ///< font sizes
constexpr int kBands = 64;

/// Labels are monospaced: the longest is the widest, and hundreds of them are measured by one.
double widestLabel(const std::vector<TokenText>& labels, double font_px) {
  const auto longest = std::max_element(
      labels.begin(), labels.end(),
      [](const TokenText& a, const TokenText& b) { return a.text.size() < b.text.size(); });
  return longest == labels.end()
             ? 0.0
             : textWidth(longest->text, monoFont(font_px * 0.85, Weight::SemiBold));
}

/// All cells of a colour are one path, and neighbours of equal colour one rectangle, so that a
/// matrix of 201 x 201 stays a file one can open. Cells grow a little to the right and down, or
/// viewers show hairlines between them: those that stand out more are painted later.
void paintRectangles(QPainter& painter, const PlotLayout& layout, const MatrixPlot& plot,
                     const QList<QRgb>& colours, double unit) {
  const double width = layout.field.width() / plot.cols;
  const double height = layout.field.height() / plot.rows;
  const double overlap = std::min(0.12 * std::min(width, height), unit);
  std::vector<QPainterPath> paths(kColourSteps);
  for (int row = 0; row < plot.rows; ++row) {
    const uchar* line = plot.cells.constScanLine(row);
    for (int col = 0; col < plot.cols;) {
      int end = col + 1;
      while (end < plot.cols && line[end] == line[col])
        ++end;
      if (line[col] != kNoCell) {
        const double dx = end == plot.cols ? 0 : overlap;
        const double dy = row + 1 == plot.rows ? 0 : overlap;
        paths[line[col]].addRect(layout.field.left() + col * width,
                                 layout.field.top() + row * height, (end - col) * width + dx,
                                 height + dy);
      }
      col = end;
    }
  }
  painter.setPen(Qt::NoPen);
  const int middle = plot.is_signed ? kColourSteps / 2 : 0;
  for (int distance = 0; distance < kColourSteps - middle; ++distance) {
    for (const int index : {middle + distance, middle - distance}) {
      if (index < 0 || paths[static_cast<std::size_t>(index)].isEmpty())
        continue;
      QPainterPath& path = paths[static_cast<std::size_t>(index)];
      path.setFillRule(Qt::WindingFill);  // where they overlap they are not cut out
      painter.setBrush(QColor::fromRgb(colours[index]));
      painter.drawPath(path);
      path = {};
    }
  }
  painter.setBrush(Qt::NoBrush);
}

void paintCells(QPainter& painter, const PlotLayout& layout, const MatrixPlot& plot,
                const PlotStyle& style, const Theme& theme) {
  const QList<QRgb> colours = plotColours(plot.is_signed, style.map, theme.is_dark);
  painter.setRenderHint(QPainter::Antialiasing, false);
  painter.fillRect(layout.field, theme.plot);
  if (style.vector) {
    painter.setRenderHint(QPainter::Antialiasing);
    paintRectangles(painter, layout, plot, colours, style.unit);
    return;
  }
  QImage image = plot.cells;
  image.setColorTable(colours);
  image = image.convertToFormat(QImage::Format_ARGB32_Premultiplied);
  const double cell = layout.field.width() / plot.cols * style.device_pixel_ratio;
  // Cells of a pixel and a half would come out as one or two.
  painter.setRenderHint(QPainter::SmoothPixmapTransform, cell < 3 && cell != std::floor(cell));
  painter.drawImage(layout.field, image);
}

void paintCellValues(QPainter& painter, const PlotLayout& layout, const MatrixPlot& plot,
                     const PlotStyle& style, const Theme& theme) {
  const double cell = layout.field.width() / plot.cols;
  const QList<QRgb> colours = plotColours(plot.is_signed, style.map, theme.is_dark);
  const QFont font = monoFont(std::min(style.font_px * 0.95, cell * 0.36));
  for (int row = 0; row < plot.rows; ++row) {
    for (int col = 0; col < plot.cols; ++col) {
      const float value = plot.at(row, col);
      if (std::isnan(value))
        continue;
      const double height = layout.field.height() / plot.rows;
      const QRectF box(layout.field.left() + col * cell, layout.field.top() + row * height, cell,
                       height);
      paintText(painter, box, Qt::AlignHCenter | Qt::AlignVCenter,
                formatScore(static_cast<double>(value)), font,
                textOn(colours[colourIndex(value, plot.limit, plot.is_signed)]),
                style.text_as_paths);
    }
  }
}

/// Every how many labels one is written, from the room that it needs.
int labelStep(double cell, double needed) {
  const int least = std::max(1, static_cast<int>(std::ceil(needed / std::max(cell, 0.01))));
  for (const int nice : {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000}) {
    if (nice >= least)
      return nice;
  }
  return least;
}

/// Labels of one axis: anchors first, and of the others those that keep clear of what is there.
void paintLabels(QPainter& painter, const PlotLayout& layout, const std::vector<TokenText>& labels,
                 bool is_row, const PlotStyle& style, const Theme& theme) {
  const double f = style.font_px;
  const auto n = static_cast<double>(labels.size());
  const double length = is_row ? layout.field.height() : layout.field.width();
  const double cell = length / n;
  const double widest = widestLabel(labels, f);
  const double needed = is_row ? f * 1.3 : widest + f * 0.7;
  const int step = labelStep(cell, needed);
  std::vector<double> taken;
  for (const bool is_anchor : {true, false}) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const bool is_marked = labels[i].role == TokenRole::Anchor;
      const double at = (static_cast<double>(i) + 0.5) * cell;
      const bool is_free = std::none_of(
          taken.begin(), taken.end(), [&](double other) { return std::abs(other - at) < needed; });
      if (is_marked != is_anchor || !is_free || (!is_marked && i % static_cast<std::size_t>(step)))
        continue;
      taken.push_back(at);
      const QColor colour = is_marked ? theme.token(TokenRole::Anchor).text : theme.text_second;
      const QFont font = monoFont(f * 0.85, is_marked ? Weight::SemiBold : Weight::Regular);
      QRectF box(0, 0, widest + f * 0.4, f * 1.3);
      if (is_row)
        box.moveCenter(
            QPointF(layout.field.left() - f * 0.75 - box.width() / 2, layout.field.top() + at));
      else
        box.moveCenter(QPointF(layout.field.left() + at, layout.field.bottom() + f * 1.25));
      paintText(painter, box, (is_row ? Qt::AlignRight : Qt::AlignHCenter) | Qt::AlignVCenter,
                labels[i].text, font, colour, style.text_as_paths);
    }
  }
}

/// A small wedge outside the field at each anchor's row and column: the shape repeats the colour.
void paintMarks(QPainter& painter, const PlotLayout& layout, const MatrixPlot& plot,
                const PlotStyle& style, const Theme& theme) {
  const double s = style.font_px * 0.32;
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(theme.token(TokenRole::Anchor).text);
  for (std::size_t i = 0; i < plot.row_labels.size(); ++i) {
    if (plot.row_labels[i].role != TokenRole::Anchor)
      continue;
    const double y =
        layout.field.top() + (static_cast<double>(i) + 0.5) * layout.field.height() / plot.rows;
    const double x = layout.field.left() - style.unit;
    painter.drawPolygon(QPolygonF({{x, y}, {x - 1.6 * s, y - s}, {x - 1.6 * s, y + s}}));
  }
  for (std::size_t i = 0; i < plot.col_labels.size(); ++i) {
    if (plot.col_labels[i].role != TokenRole::Anchor)
      continue;
    const double x =
        layout.field.left() + (static_cast<double>(i) + 0.5) * layout.field.width() / plot.cols;
    const double y = layout.field.bottom() + style.unit;
    painter.drawPolygon(QPolygonF({{x, y}, {x - s, y + 1.6 * s}, {x + s, y + 1.6 * s}}));
  }
  painter.setBrush(Qt::NoBrush);
}

void paintBar(QPainter& painter, const PlotLayout& layout, const MatrixPlot& plot,
              const PlotStyle& style, const Theme& theme) {
  const double f = style.font_px;
  const QList<QRgb> colours = plotColours(plot.is_signed, style.map, theme.is_dark);
  painter.setRenderHint(QPainter::Antialiasing, style.vector);
  const double height = layout.bar.height() / kBands;
  for (int i = 0; i < kBands; ++i) {
    // Each band reaches to the bottom, under the next ones: no hairlines between them.
    const QRectF band(layout.bar.left(), layout.bar.top() + i * height, layout.bar.width(),
                      layout.bar.height() - i * height);
    const auto index = static_cast<int>(std::lround((1 - (i + 0.5) / kBands) * (kColourSteps - 1)));
    painter.fillRect(band, QColor::fromRgb(colours[index]));
  }
  const QFont font = monoFont(f * 0.85);
  const double low = plot.is_signed ? -plot.limit : 0;
  for (const double share : {0.0, 0.5, 1.0}) {
    const double y = layout.bar.bottom() - share * layout.bar.height();
    const double shift = share == 0.0 ? -f * 0.35 : share == 1.0 ? f * 0.35 : 0.0;
    QString text = formatShort(low + share * (plot.limit - low), 2);
    if (plot.is_signed && share == 1.0)
      text.prepend(QLatin1Char('+'));
    paintText(painter, QRectF(layout.bar.right() + f * 0.35, y - f + shift, f * 3.6, 2 * f),
              Qt::AlignLeft | Qt::AlignVCenter, text, font, theme.text_second, style.text_as_paths);
  }
}

}  // namespace

PlotLayout layoutMatrix(const QRectF& area, const MatrixPlot& plot, const PlotStyle& style) {
  PlotLayout layout;
  const double f = style.font_px;
  const double labels = style.axes ? widestLabel(plot.row_labels, f) + f * 1.2 : 0;
  const double left = style.axes ? labels + f * 1.5 : style.unit * 2;
  const double bottom = style.axes ? f * 3.5 : style.unit * 2;
  const bool has_bar = style.axes && style.colour_bar;
  const double right = has_bar ? f * 5.2 : style.unit * 2;
  const double room_x = area.width() - left - right;
  const double room_y = area.height() - bottom - style.unit * 2;
  const double room = std::min(room_x / plot.cols, room_y / plot.rows);
  // A matrix of two heads need not fill the page.
  double cell = std::clamp(room, 0.0, f * kLargestCell);
  if (style.whole_pixels && cell * style.device_pixel_ratio >= 3)
    cell = std::floor(cell * style.device_pixel_ratio) / style.device_pixel_ratio;
  const auto whole = [&](double x) {
    return !style.whole_pixels
               ? x
               : std::round(x * style.device_pixel_ratio) / style.device_pixel_ratio;
  };
  const double spare = std::max(0.0, (room_x - cell * plot.cols) / 2);
  layout.field = QRectF(whole(area.left() + left + (style.axes ? std::min(spare, f * 6) : spare)),
                        whole(area.top() + style.unit), cell * plot.cols, cell * plot.rows);
  if (has_bar)
    layout.bar =
        QRectF(whole(layout.field.right() + f), layout.field.top(), f * 0.7, layout.field.height());
  return layout;
}

void paintMatrix(QPainter& painter, const PlotLayout& layout, const MatrixPlot& plot,
                 const PlotStyle& style, const Theme& theme) {
  paintCells(painter, layout, plot, style, theme);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(theme.border, style.unit));
  const double half = style.unit / 2;
  painter.drawRect(layout.field.adjusted(-half, -half, half, half));
  if (style.values && layout.field.width() / plot.cols >= kValueCell * style.unit)
    paintCellValues(painter, layout, plot, style, theme);
  if (!style.axes)
    return;
  paintLabels(painter, layout, plot.row_labels, true, style, theme);
  paintLabels(painter, layout, plot.col_labels, false, style, theme);
  paintMarks(painter, layout, plot, style, theme);
  const double f = style.font_px;
  paintText(painter,
            QRectF(layout.field.left() - f * 3, layout.field.bottom() + f * 2.0,
                   layout.field.width() + f * 6, f * 1.4),
            Qt::AlignHCenter | Qt::AlignVCenter, plot.col_title, textFont(f * 0.9),
            theme.text_second, style.text_as_paths);
  const double labels = widestLabel(plot.row_labels, f) + f * 1.2;
  paintTextUpwards(painter,
                   QRectF(layout.field.left() - labels - f * 1.4, layout.field.top(), f * 1.4,
                          layout.field.height()),
                   Qt::AlignHCenter | Qt::AlignVCenter, plot.row_title, textFont(f * 0.9),
                   theme.text_second, style.text_as_paths);
  if (layout.bar.isValid())
    paintBar(painter, layout, plot, style, theme);
}

}  // namespace anchorlens::widgets
