// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/colour_map.h"
#include "widgets/theme.h"
#include "widgets/weights/plot_data.h"

#include <QRectF>

class QPainter;

/// Painting of plots, the same for the screen and for files.
namespace anchorlens::widgets {

struct PlotStyle {
  double font_px = 13;
  double unit = 1;  ///< what is one pixel on screen: figures use more
  ColourMap map = ColourMap::Viridis;
  bool axes = true;  ///< titles, labels and colour bar; without, a small picture has room
  bool colour_bar = true;
  bool values = true;        ///< numbers in large cells
  bool whole_pixels = true;  ///< cells of a matrix: even on screen, exact in files
  bool vector = false;       ///< rectangles instead of an image: for exports
  bool text_as_paths = false;
  double device_pixel_ratio = 1;
};

/// Where the parts of a plot lie.
struct PlotLayout {
  QRectF field;  ///< cells, points or lines
  QRectF bar;    ///< colour bar; empty: none
  // What the field shows of the numbers (points, lines).
  double x_low = 0;
  double x_high = 1;
  double y_low = 0;
  double y_high = 1;
  double right_low = 0;
  double right_high = 1;
  bool is_log = false;

  QPointF place(double x, double y, bool on_right_axis = false) const;
};

PlotLayout layoutPlot(const QRectF& area, const Plot& plot, const PlotStyle& style);
void paintPlot(QPainter& painter, const PlotLayout& layout, const Plot& plot,
               const PlotStyle& style, const Theme& theme);
/// The item under a point: a cell; a point or a line's place not farther than `reach`.
PlotItem itemAt(const PlotLayout& layout, const Plot& plot, QPointF point, double reach);
/// Where an item is drawn.
QRectF itemRect(const PlotLayout& layout, const Plot& plot, PlotItem item);

// Of one kind each: plot_paint_matrix.cpp, plot_paint_points.cpp, plot_paint_lines.cpp.
PlotLayout layoutMatrix(const QRectF& area, const MatrixPlot& plot, const PlotStyle& style);
void paintMatrix(QPainter& painter, const PlotLayout& layout, const MatrixPlot& plot,
                 const PlotStyle& style, const Theme& theme);
PlotLayout layoutPoints(const QRectF& area, const ScatterPlot& plot, const PlotStyle& style);
void paintPoints(QPainter& painter, const PlotLayout& layout, const ScatterPlot& plot,
                 const PlotStyle& style, const Theme& theme);
PlotLayout layoutLines(const QRectF& area, const LinePlot& plot, const PlotStyle& style);
void paintLines(QPainter& painter, const PlotLayout& layout, const LinePlot& plot,
                const PlotStyle& style, const Theme& theme);

/// Grid lines and numbers of one axis, shared by points and lines. `at` are places along it.
struct AxisTick {
  double at = 0;
  QString text;
};
void paintXAxis(QPainter& painter, const PlotLayout& layout, const std::vector<AxisTick>& ticks,
                const QString& title, const PlotStyle& style, const Theme& theme);
void paintYAxis(QPainter& painter, const PlotLayout& layout, const std::vector<AxisTick>& ticks,
                const QString& title, const PlotStyle& style, const Theme& theme);
/// Round numbers from low to high, about `count` of them.
std::vector<double> roundTicks(double low, double high, int count);

}  // namespace anchorlens::widgets
