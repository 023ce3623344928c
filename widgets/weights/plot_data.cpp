// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/weights/plot_data.h"

#include "widgets/number_format.h"
#include "widgets/plain_number.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace anchorlens::widgets {

namespace {

constexpr int kDigits = 4;

QString roleName(TokenRole role) {
  switch (role) {
    case TokenRole::Anchor:
      return QStringLiteral("anchor");
    case TokenRole::Key:
      return QStringLiteral("key");
    case TokenRole::Answer:
      return QStringLiteral("answer");
    case TokenRole::Noise:
      break;
  }
  return {};
}

QString labelText(const TokenText& label) {
  const QString role = label.role == TokenRole::Anchor ? roleName(label.role) : QString();
  return role.isEmpty() ? label.text : label.text + QStringLiteral(", ") + role;
}

PlotItem movedCell(const MatrixPlot& matrix, PlotItem item, int key) {
  if (key == Qt::Key_Left || key == Qt::Key_Right)
    item.second += key == Qt::Key_Left ? -1 : 1;
  else
    item.first += key == Qt::Key_Up ? -1 : 1;
  return {std::clamp(item.first, 0, matrix.rows - 1), std::clamp(item.second, 0, matrix.cols - 1)};
}

/// The point that is nearest among those that lie more in this direction than across it.
PlotItem movedPoint(const ScatterPlot& scatter, PlotItem from, int key) {
  const auto& here = scatter.points[static_cast<std::size_t>(from.first)];
  int best = from.first;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < scatter.points.size(); ++i) {
    const double dx = scatter.points[i].x - here.x;
    const double dy = scatter.points[i].y - here.y;
    const double along = key == Qt::Key_Left    ? -dx
                         : key == Qt::Key_Right ? dx
                         : key == Qt::Key_Up    ? dy
                                                : -dy;
    const double across = key == Qt::Key_Left || key == Qt::Key_Right ? std::abs(dy) : std::abs(dx);
    const double distance = dx * dx + dy * dy;
    if (along > 0 && along >= across && distance < least) {
      least = distance;
      best = static_cast<int>(i);
    }
  }
  return {best, 0};
}

PlotItem movedAlong(const LinePlot& plot, PlotItem item, int key) {
  const int n_lines = static_cast<int>(plot.lines.size());
  if (key == Qt::Key_Up || key == Qt::Key_Down)
    item.first = std::clamp(item.first + (key == Qt::Key_Up ? -1 : 1), 0, n_lines - 1);
  else
    item.second += key == Qt::Key_Left ? -1 : 1;
  const auto& line = plot.lines[static_cast<std::size_t>(item.first)];
  item.second = std::clamp(item.second, 0, std::max(0, static_cast<int>(line.xs.size()) - 1));
  return item;
}

CellTip cellTipOf(const MatrixPlot& matrix, PlotItem item) {
  const TokenText& row = matrix.row_labels[static_cast<std::size_t>(item.first)];
  const TokenText& col = matrix.col_labels[static_cast<std::size_t>(item.second)];
  const float value = matrix.at(item.first, item.second);
  CellTip tip;
  tip.title =
      matrix.value_name + QLatin1Char(' ') + formatShort(static_cast<double>(value), kDigits);
  tip.lines = {matrix.row_title + QLatin1Char(' ') + labelText(row),
               matrix.col_title + QLatin1Char(' ') + labelText(col)};
  return tip;
}

CellTip pointTip(const ScatterPlot& scatter, PlotItem item) {
  const auto& point = scatter.points[static_cast<std::size_t>(item.first)];
  return {QStringLiteral("Token ") + point.text + QStringLiteral(", ") + point.use,
          {scatter.x_title.section(QLatin1Char(','), 0, 0) + QLatin1Char(' ') +
               formatShort(point.x, kDigits),
           scatter.y_title.section(QLatin1Char(','), 0, 0) + QLatin1Char(' ') +
               formatShort(point.y, kDigits)}};
}

CellTip lineTip(const LinePlot& plot, PlotItem item) {
  const auto& line = plot.lines[static_cast<std::size_t>(item.first)];
  const auto place = static_cast<std::size_t>(item.second);
  const QString x = formatInteger(static_cast<std::int64_t>(std::llround(line.xs[place])));
  return {line.name + QLatin1Char(' ') + formatShort(line.ys[place], kDigits),
          {plot.x_title + QLatin1Char(' ') + x}};
}

}  // namespace

bool contains(const Plot& plot, PlotItem item) {
  if (!item.isValid())
    return false;
  if (const MatrixPlot* matrix = plot.matrix())
    return item.first < matrix->rows && item.second < matrix->cols;
  if (const ScatterPlot* scatter = plot.scatter())
    return item.first < static_cast<int>(scatter->points.size());
  if (const LinePlot* lines = plot.lines())
    return item.first < static_cast<int>(lines->lines.size()) &&
           item.second <
               static_cast<int>(lines->lines[static_cast<std::size_t>(item.first)].xs.size());
  return false;
}

PlotItem firstItem(const Plot& plot) {
  if (const MatrixPlot* matrix = plot.matrix()) {
    int best = 0;
    for (int i = 0; i < static_cast<int>(matrix->values.size()); ++i) {
      const float value = matrix->values[static_cast<std::size_t>(i)];
      const float most = matrix->values[static_cast<std::size_t>(best)];
      if (std::isnan(most) || std::abs(value) > std::abs(most))
        best = i;
    }
    return matrix->values.empty() ? PlotItem() : PlotItem{best / matrix->cols, best % matrix->cols};
  }
  if (const ScatterPlot* scatter = plot.scatter()) {
    const auto anchor =
        std::find_if(scatter->points.begin(), scatter->points.end(),
                     [](const auto& point) { return point.role == TokenRole::Anchor; });
    const auto place = anchor == scatter->points.end() ? 0 : anchor - scatter->points.begin();
    return scatter->points.empty() ? PlotItem() : PlotItem{static_cast<int>(place), 0};
  }
  if (const LinePlot* lines = plot.lines(); lines && !lines->lines.empty())
    return {0, static_cast<int>(lines->lines.front().xs.size()) - 1};
  return {};
}

PlotItem movedItem(const Plot& plot, PlotItem from, int key) {
  if (!contains(plot, from))
    return firstItem(plot);
  if (const MatrixPlot* matrix = plot.matrix())
    return movedCell(*matrix, from, key);
  if (const ScatterPlot* scatter = plot.scatter())
    return movedPoint(*scatter, from, key);
  return movedAlong(*plot.lines(), from, key);
}

CellTip plotTip(const Plot& plot, PlotItem item) {
  if (!contains(plot, item))
    return {};
  if (const MatrixPlot* matrix = plot.matrix())
    return cellTipOf(*matrix, item);
  if (const ScatterPlot* scatter = plot.scatter())
    return pointTip(*scatter, item);
  return lineTip(*plot.lines(), item);
}

QString plotDescription(const Plot& plot, PlotItem item) {
  const QString name = plot.title + QStringLiteral(". ");
  if (plot.isEmpty())
    return name + plot.empty_text;
  if (!contains(plot, item))
    return name + plot.subtitle;
  const CellTip tip = plotTip(plot, item);
  return name + tip.lines.join(QStringLiteral(". ")) + QStringLiteral(". ") + tip.title +
         QLatin1Char('.');
}

NumberTable plotNumbers(const Plot& plot) {
  NumberTable table;
  table.title = plot.title;
  table.columns = {QStringLiteral("plot"), QStringLiteral("row"), QStringLiteral("column"),
                   QStringLiteral("value")};
  const auto add = [&](const QString& row, const QString& column, double value) {
    std::vector<NumberTable::Value>& cells = table.rows.emplace_back();
    cells.reserve(4);
    cells.emplace_back(plot.id);
    cells.emplace_back(row);
    cells.emplace_back(column);
    cells.emplace_back(value);
  };
  if (const MatrixPlot* matrix = plot.matrix()) {
    table.rows.reserve(static_cast<std::size_t>(matrix->rows) *
                       static_cast<std::size_t>(matrix->cols));
    for (int row = 0; row < matrix->rows; ++row) {
      for (int col = 0; col < matrix->cols; ++col)
        add(matrix->row_labels[static_cast<std::size_t>(row)].text,
            matrix->col_labels[static_cast<std::size_t>(col)].text,
            static_cast<double>(matrix->at(row, col)));
    }
  } else if (const ScatterPlot* scatter = plot.scatter()) {
    for (const auto& point : scatter->points) {
      add(point.text, QStringLiteral("component 1"), point.x);
      add(point.text, QStringLiteral("component 2"), point.y);
    }
  } else if (const LinePlot* lines = plot.lines()) {
    for (const auto& line : lines->lines) {
      for (std::size_t i = 0; i < line.xs.size(); ++i)
        add(nameInFiles(line.name), QString::number(std::llround(line.xs[i])), line.ys[i]);
    }
  }
  return table;
}

int colourIndex(float value, double limit, bool is_signed) {
  if (std::isnan(value) || !(limit > 0))
    return std::isnan(value) ? kNoCell : is_signed ? kColourSteps / 2 : 0;
  const double share = static_cast<double>(value) / limit;
  const double place = is_signed ? (share + 1) / 2 : share;
  return static_cast<int>(std::lround(std::clamp(place, 0.0, 1.0) * (kColourSteps - 1)));
}

void fillCells(MatrixPlot& plot) {
  plot.cells = QImage(plot.cols, plot.rows, QImage::Format_Indexed8);
  for (int row = 0; row < plot.rows; ++row) {
    uchar* line = plot.cells.scanLine(row);
    for (int col = 0; col < plot.cols; ++col)
      line[col] = static_cast<uchar>(colourIndex(plot.at(row, col), plot.limit, plot.is_signed));
  }
}

}  // namespace anchorlens::widgets
