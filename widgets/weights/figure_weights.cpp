// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/weights/figure_weights.h"

#include "widgets/figure_parts.h"
#include "widgets/fonts.h"
#include "widgets/text_paint.h"
#include "widgets/weights/plot_paint.h"

#include <algorithm>

namespace anchorlens::widgets {

namespace {

PlotStyle plotStyle(const FigureCanvas& canvas) {
  PlotStyle style;
  style.font_px = canvas.font;
  style.unit = canvas.unit();
  style.map = canvas.request.style.map;
  style.colour_bar = canvas.request.style.colour_bar;
  style.values = canvas.request.style.values;
  style.vector = canvas.is_vector;
  style.whole_pixels = false;
  style.text_as_paths = canvas.text_as_paths;
  return style;
}

/// Title and plot in one box of a grid.
void paintOne(const FigureCanvas& canvas, const Plot& plot, const QRectF& box, int index) {
  const double f = canvas.font;
  double left = box.left();
  const QFont bold = textFont(f, Weight::SemiBold);
  const QRectF line(left, box.top(), box.width(), f * 1.6);
  if (canvas.request.style.panel_letters && index >= 0) {
    const QString letter = QStringLiteral("(%1)").arg(QChar('a' + index));
    canvas.text(line, Qt::AlignLeft | Qt::AlignVCenter, letter, bold, canvas.theme.text);
    left += textWidth(letter, bold) + f * 0.5;
  }
  canvas.text(line.adjusted(left - box.left(), 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
              plot.title, bold, canvas.theme.text);
  left += textWidth(plot.title, bold) + f * 0.8;
  const QFont plain = textFont(f * 0.9);
  const QString subtitle = elided(plot.subtitle, plain, std::max(0.0, box.right() - left));
  canvas.text(line.adjusted(left - box.left(), 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, subtitle,
              plain, canvas.theme.text_second);
  const QRectF area = box.adjusted(0, f * 1.9, 0, 0);
  if (plot.isEmpty()) {
    canvas.text(area, Qt::AlignHCenter | Qt::AlignVCenter, plot.empty_text, plain,
                canvas.theme.text_second);
    return;
  }
  const PlotStyle style = plotStyle(canvas);
  paintPlot(*canvas.painter, layoutPlot(area, plot, style), plot, style, canvas.theme);
}

}  // namespace

std::vector<PlotPtr> figurePlots(const FigureRequest& request) {
  std::vector<PlotPtr> plots;
  if (!request.weights)
    return plots;
  for (const PlotPtr& plot : request.weights->plots) {
    if (request.plot.isEmpty() || plot->id == request.plot)
      plots.push_back(plot);
  }
  return plots;
}

double paintWeights(const FigureCanvas& canvas, double top) {
  const auto plots = figurePlots(canvas.request);
  const double f = canvas.font;
  const bool is_one = plots.size() == 1;
  const int columns = is_one || canvas.width < f * 50 ? 1 : 2;
  const double gap = f * 2;
  const double width = (canvas.width - (columns - 1) * gap) / columns;
  const double height = is_one ? std::min(width, 6 * kUnitsPerInch) * 0.86 : width * 0.8;
  const int rows = (static_cast<int>(plots.size()) + columns - 1) / columns;
  for (std::size_t i = 0; canvas.painter != nullptr && i < plots.size(); ++i) {
    const int place = static_cast<int>(i);
    const QRectF box(place % columns * (width + gap), top + place / columns * (height + gap), width,
                     height);
    paintOne(canvas, *plots[i], box, is_one ? -1 : place);
  }
  return rows * height + (rows - 1) * gap;
}

}  // namespace anchorlens::widgets
