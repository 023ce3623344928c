// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/predictions/group_paint.h"

#include "widgets/colour_map.h"
#include "widgets/fonts.h"
#include "widgets/head_map.h"
#include "widgets/number_format.h"
#include "widgets/plain_number.h"
#include "widgets/predictions/group_view.h"
#include "widgets/text_paint.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

constexpr double kLeastLoss = 1e-6;  ///< what is lower, 0 too, is drawn here

/// How high each value stands in its box, 0 to 1.
class Heights {
 public:
  Heights(const std::vector<GroupCurve>& curves, GroupValue value) {
    if (value == GroupValue::Loss)
      m_losses = lossRange(curves);
  }
  double of(double value) const {
    if (!m_losses)
      return value;
    const auto [least, most] = *m_losses;
    return most > least ? std::log(std::max(value, kLeastLoss) / least) / std::log(most / least)
                        : 0.5;
  }

 private:
  std::optional<std::pair<double, double>> m_losses;
};

const Series& seriesOf(const GroupCurve& curve, GroupValue value) {
  return value == GroupValue::Loss ? curve.loss : curve.accuracy;
}

void paintCurve(QPainter& painter, const QRectF& box, const Series& curve, const Heights& heights,
                std::int64_t step, double unit, const Theme& theme) {
  painter.setPen(Qt::NoPen);
  painter.setBrush(theme.plot);
  painter.drawRect(box);
  if (curve.steps.size() < 2 || curve.steps.back() <= 0)
    return;
  const double last = std::max(curve.steps.back(), static_cast<double>(step));
  QPainterPath path;
  for (std::size_t i = 0; i < curve.steps.size(); ++i) {
    const QPointF at(box.left() + box.width() * curve.steps[i] / last,
                     box.bottom() - box.height() * heights.of(curve.values[i]));
    if (!std::isfinite(at.y()))
      continue;  // a loss that is no number
    if (path.elementCount() == 0)
      path.moveTo(at);
    else
      path.lineTo(at);
  }
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(theme.accent, 1.2 * unit));
  painter.drawPath(path);
  const double x = box.left() + box.width() * static_cast<double>(step) / last;
  painter.setPen(QPen(theme.time_cursor, unit));
  painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()));
}

void paintCell(QPainter& painter, const QRectF& box, const GroupCell& cell,
               const std::vector<GroupCurve>& curves, const Heights& heights, std::int64_t step,
               const GroupPaintOptions& options, const Theme& theme) {
  const double f = options.font_px;
  const double unit = options.unit;
  if (cell.group >= 0 && cell.n > 0) {
    const bool is_loss = options.value == GroupValue::Loss;
    const QRgb colour =
        colourAt(ColourMap::Viridis, is_loss ? std::exp(-cell.loss) : cell.accuracy);
    QRectF square = box;
    square.setWidth(f * 3.6);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(colour));
    painter.drawRoundedRect(square, 3 * unit, 3 * unit);
    paintText(painter, square, Qt::AlignHCenter | Qt::AlignVCenter,
              is_loss ? formatLoss(cell.loss) : formatScore(cell.accuracy),
              monoFont(f - unit, Weight::SemiBold), textOn(colour), options.text_as_paths);
    const auto i = static_cast<std::size_t>(cell.group);
    if (i < curves.size())
      paintCurve(painter, box.adjusted(f * 4, 2 * unit, 0, -2 * unit),
                 seriesOf(curves[i], options.value), heights, step, unit, theme);
  } else if (cell.group >= 0) {
    paintText(painter, box, Qt::AlignLeft | Qt::AlignVCenter, emptyGroupText(cell),
              textFont(f - 2 * unit), theme.text_muted, options.text_as_paths);
  }
}

}  // namespace

QString groupValueTitle(GroupValue value) {
  return value == GroupValue::Loss ? GroupView::tr("Loss by group")
                                   : GroupView::tr("Accuracy by group");
}

QString emptyGroupText(const GroupCell& cell) {
  return cell.group < 0 || cell.is_evaluated ? GroupView::tr("no sequences")
                                             : GroupView::tr("not evaluated");
}

std::vector<GroupCurve> groupCurves(std::size_t n_groups, const std::vector<core::Metrics>& metrics,
                                    std::size_t most) {
  std::vector<GroupCurve> curves(n_groups);
  for (const core::Metrics& row : metrics) {
    for (const core::GroupMetrics& group : row.groups) {
      const auto i = static_cast<std::size_t>(group.group);
      if (i < n_groups && group.n > 0) {
        curves[i].accuracy.add(static_cast<double>(row.step), group.accuracy);
        curves[i].loss.add(static_cast<double>(row.step), group.loss);
      }
    }
  }
  for (GroupCurve& curve : curves) {
    for (Series* series : {&curve.accuracy, &curve.loss}) {
      while (series->size() > most)
        series->thin(most);
    }
  }
  return curves;
}

std::optional<std::pair<double, double>> lossRange(const std::vector<GroupCurve>& curves) {
  std::optional<std::pair<double, double>> range;
  for (const GroupCurve& curve : curves) {
    for (const double value : curve.loss.values) {
      if (!std::isfinite(value))
        continue;
      const double loss = std::max(value, kLeastLoss);
      range = range ? std::pair(std::min(range->first, loss), std::max(range->second, loss))
                    : std::pair(loss, loss);
    }
  }
  return range;
}

QString lossScaleText(const std::vector<GroupCurve>& curves) {
  const auto range = lossRange(curves);
  return range ? GroupView::tr("curves: %1 to %2, logarithmic")
                     .arg(formatShort(range->first, 2), formatShort(range->second, 2))
               : QString();
}

QRectF groupCell(const GroupMatrix& matrix, double font_px, int row, int column) {
  const double f = font_px;
  double names = f * 4;
  for (const QString& name : matrix.rows)
    names = std::max(names, textWidth(name, textFont(f * 0.93)) + f);
  const double width = f * 10.5;
  return {names + column * width, f * 2.2 + row * f * 2.3, width - f * 0.6, f * 2};
}

QSizeF groupsSize(const GroupMatrix& matrix, double font_px) {
  const QRectF last = groupCell(matrix, font_px, static_cast<int>(matrix.rows.size()) - 1,
                                static_cast<int>(matrix.columns.size()) - 1);
  return {last.right(), last.bottom()};
}

void paintGroups(QPainter& painter, QPointF corner, const GroupMatrix& matrix,
                 const std::vector<GroupCurve>& curves, std::int64_t step,
                 const GroupPaintOptions& options, const Theme& theme) {
  painter.save();
  painter.translate(corner);
  painter.setRenderHint(QPainter::Antialiasing);
  const double f = options.font_px;
  const QFont font = textFont(f * 0.93);
  const Heights heights(curves, options.value);
  for (int column = 0; column < matrix.columns.size(); ++column) {
    QRectF head = groupCell(matrix, f, 0, column);
    head.moveTop(0);
    paintText(painter, head, Qt::AlignLeft | Qt::AlignVCenter,
              elided(matrix.columns[column], font, head.width()), font, theme.text_second,
              options.text_as_paths);
  }
  for (int row = 0; row < matrix.rows.size(); ++row) {
    QRectF name = groupCell(matrix, f, row, 0);
    name.setLeft(0);
    paintText(painter, name, Qt::AlignLeft | Qt::AlignVCenter, matrix.rows[row], font, theme.text,
              options.text_as_paths);
    for (int column = 0; column < matrix.columns.size(); ++column) {
      paintCell(painter, groupCell(matrix, f, row, column), matrix.at(row, column), curves, heights,
                step, options, theme);
    }
  }
  painter.restore();
}

}  // namespace anchorlens::widgets
