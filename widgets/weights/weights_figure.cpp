// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/weights/weights_figure.h"

#include "widgets/figure/figure_canvas.h"
#include "widgets/fonts.h"
#include "widgets/npz.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"
#include "widgets/weights/plot_paint.h"

#include <algorithm>

namespace anchorlens::widgets {

namespace {

PlotStyle plotStyle(const FigureCanvas& canvas) {
  PlotStyle style;
  style.font_px = canvas.font;
  style.unit = canvas.unit();
  style.map = canvas.style.map;
  style.colour_bar = canvas.style.colour_bar;
  style.values = canvas.style.values;
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
  if (canvas.style.panel_letters && index >= 0) {
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

WeightsFigure::WeightsFigure(PicturePtr picture, WeightsPage page, QString plot)
    : m_picture(std::move(picture)), m_page(page), m_plot(std::move(plot)) {
  if (!m_picture)
    return;
  for (const PlotPtr& one : m_picture->plots) {
    if (m_plot.isEmpty() || one->id == m_plot)
      m_plots.push_back(one);
  }
}

QString WeightsFigure::view() const {
  return m_page == WeightsPage::Circuits ? QStringLiteral("circuits") : QStringLiteral("weights");
}

QString WeightsFigure::problem() const {
  if (!m_picture)
    return QStringLiteral("The run has no checkpoint yet.");
  if (!m_picture->empty_text.isEmpty())
    return m_picture->empty_text;
  return m_plots.empty() ? QStringLiteral("There is no plot %1 on this page.").arg(m_plot)
                         : QString();
}

std::vector<std::int64_t> WeightsFigure::steps() const {
  return {m_picture->step};
}

NumberTable WeightsFigure::numbers() const {
  return pictureNumbers(m_plots);
}

/// Matrices as matrices, points and lines by their columns.
void WeightsFigure::addArrays(NpzWriter& npz) const {
  npz.add(QStringLiteral("step"), {}, std::vector<std::int64_t>{m_picture->step});
  for (const PlotPtr& plot : m_plots) {
    const QString id = plot->id;
    if (const MatrixPlot* matrix = plot->matrix()) {
      npz.add(id, {matrix->rows, matrix->cols}, matrix->values);
      QStringList rows;
      QStringList cols;
      for (const TokenText& label : matrix->row_labels) {
        rows << label.text;
      }
      for (const TokenText& label : matrix->col_labels) {
        cols << label.text;
      }
      npz.add(id + QStringLiteral(".rows"), {rows.size()}, rows);
      npz.add(id + QStringLiteral(".columns"), {cols.size()}, cols);
    } else if (const ScatterPlot* scatter = plot->scatter()) {
      std::vector<double> places;
      QStringList tokens;
      for (const ScatterPlot::Point& point : scatter->points) {
        places.insert(places.end(), {point.x, point.y});
        tokens << point.text;
      }
      npz.add(id, {tokens.size(), 2}, places);
      npz.add(id + QStringLiteral(".tokens"), {tokens.size()}, tokens);
    } else if (const LinePlot* lines = plot->lines()) {
      for (const LinePlot::Line& line : lines->lines) {
        const auto n = static_cast<std::int64_t>(line.xs.size());
        const QString name = id + QLatin1Char('.') + nameInFiles(line.name);
        npz.add(name + QStringLiteral(".x"), {n}, line.xs);
        npz.add(name, {n}, line.ys);
      }
    }
  }
}

double WeightsFigure::paint(const FigureCanvas& canvas, double top) const {
  const double f = canvas.font;
  const bool is_one = m_plots.size() == 1;
  const int columns = is_one || canvas.width < f * 50 ? 1 : 2;
  const double gap = f * 2;
  const double width = (canvas.width - (columns - 1) * gap) / columns;
  const double height = is_one ? std::min(width, 6 * kUnitsPerInch) * 0.86 : width * 0.8;
  const int rows = (static_cast<int>(m_plots.size()) + columns - 1) / columns;
  for (std::size_t i = 0; canvas.painter != nullptr && i < m_plots.size(); ++i) {
    const int place = static_cast<int>(i);
    const QRectF box(place % columns * (width + gap), top + place / columns * (height + gap), width,
                     height);
    paintOne(canvas, *m_plots[i], box, is_one ? -1 : place);
  }
  return rows * height + (rows - 1) * gap;
}

}  // namespace anchorlens::widgets
