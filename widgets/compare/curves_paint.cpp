// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/compare/curves_paint.h"

#include "widgets/badge.h"
#include "widgets/fonts.h"
#include "widgets/line_path.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace anchorlens::widgets {

namespace {

/// One lane: steps to the right, values upwards.
struct Field {
  QRectF box;
  double low = 0;
  double high = 1;
  bool is_log = false;

  double y(double value) const {
    const auto f = [this](double v) { return is_log ? std::log10(std::max(v, 1e-300)) : v; };
    const double share = (f(value) - f(low)) / (f(high) - f(low));
    return box.bottom() - std::clamp(share, 0.0, 1.0) * box.height();
  }
};

TimeScale scaleOf(const CurvesPaint& how) {
  return TimeScale{how.is_logarithmic};
}

double axisX(const QRectF& box, double axis, const CurvesPaint& how) {
  const TimeScale scale = scaleOf(how);
  const double a = scale.toAxis(how.first);
  return box.left() + (axis - a) / (scale.toAxis(how.last) - a) * box.width();
}

/// The points of a series where they are drawn; gaps part the lines.
QPainterPath pathOf(const ComparedCurves& curves, std::size_t side, Series series,
                    const Field& field, const CurvesPaint& how) {
  for (double& step : series.steps) {
    step = curves.toFirst(side, step);
  }
  const TimeScale scale = scaleOf(how);
  const Series thin = decimated(series, scale, scale.toAxis(how.first), scale.toAxis(how.last),
                                std::max(50, static_cast<int>(field.box.width() / how.unit)));
  std::vector<QPointF> points;
  for (std::size_t i = 0; i < thin.size(); ++i) {
    const double y = std::isfinite(thin.values[i]) ? field.y(thin.values[i])
                                                   : std::numeric_limits<double>::quiet_NaN();
    points.emplace_back(axisX(field.box, thin.steps[i], how), y);
  }
  return linePath(points, field.box.left(), field.box.right());
}

void paintGrid(QPainter& painter, const Field& field, const std::vector<double>& values,
               const CurvesPaint& how, const Theme& theme) {
  painter.setRenderHint(QPainter::Antialiasing, false);
  painter.fillRect(field.box, theme.plot);
  const double f = how.font_px;
  for (const double value : values) {
    const double y = field.y(value);
    painter.setPen(QPen(theme.rule, how.unit));
    painter.drawLine(QPointF(field.box.left(), y), QPointF(field.box.right(), y));
    paintText(painter, QRectF(field.box.left() - f * 3.2, y - f, f * 3, 2 * f),
              Qt::AlignRight | Qt::AlignVCenter, QString::number(value),
              monoFont(std::max(f * 0.8, 10 * how.unit)), theme.text_muted, how.text_as_paths);
  }
  painter.setRenderHint(QPainter::Antialiasing);
}

void paintGroups(QPainter& painter, const ComparedCurves& curves, const Field& field, bool is_loss,
                 const CurvesPaint& how, const Theme& theme) {
  painter.save();
  painter.setClipRect(field.box.adjusted(0, -how.unit, 0, how.unit));
  for (std::size_t side = 0; side < 2; ++side) {
    const RunHistory* history = curves.sides[side].history;
    if (history == nullptr) {
      continue;
    }
    for (const GroupSeries& group : history->groups()) {
      // Line style tells the group, hue the run.
      QPen pen = theme.group(group.line, 1.5 * how.unit);
      pen.setColor(theme.run(curves.sides[side].colour));
      pen.setJoinStyle(Qt::RoundJoin);
      const Series& series = is_loss ? group.loss : group.accuracy;
      if (how.smoothing > 0) {  // the raw line stays behind
        painter.setPen(rawPen(pen, how.unit));
        painter.drawPath(pathOf(curves, side, series, field, how));
      }
      painter.setPen(pen);
      painter.drawPath(pathOf(curves, side, smoothed(series, how.smoothing), field, how));
    }
  }
  painter.restore();
}

core::Label labelOf(const RunHistory& history, int layer, int head) {
  return history.stripLabel(layer, head);
}

void paintEmergence(QPainter& painter, const ComparedCurves& curves, std::size_t side, int layer,
                    int head, const QRectF& half, const CurvesPaint& how, const Theme& theme) {
  const RunHistory& history = *curves.sides[side].history;
  const auto step = history.emergence(layer, head, labelOf(history, layer, head));
  if (!step || !history.hasPattern(layer, head)) {
    return;
  }
  const double at = curves.toFirst(side, static_cast<double>(*step));
  const double x = axisX(half, scaleOf(how).toAxis(at), how);
  if (x < half.left() || x > half.right()) {
    return;
  }
  const double w = how.font_px * 0.32;
  painter.setPen(QPen(theme.panel, 0.7 * how.unit));
  painter.setBrush(theme.text);
  painter.drawPolygon(
      QPolygonF({{x - w, half.bottom()}, {x + w, half.bottom()}, {x, half.bottom() - 1.6 * w}}));
  painter.setBrush(Qt::NoBrush);
}

/// One half of a lane, with an edge in the run's colour; from `low` up to 1.
void paintHalf(QPainter& painter, const ComparedCurves& curves, std::size_t side, int layer,
               int head, Series series, const QRectF& half, double low, const CurvesPaint& how,
               const Theme& theme) {
  painter.fillRect(QRectF(half.left() - 4 * how.unit, half.top(), 3 * how.unit, half.height()),
                   theme.run(curves.sides[side].colour));
  const RunHistory* history = curves.sides[side].history;
  if (series.isEmpty()) {
    return;
  }
  const Field field{half, low};
  const double zero = field.y(0);
  const QPainterPath area = areaPath(pathOf(curves, side, std::move(series), field, how), zero);
  const bool has_pattern = history->hasPattern(layer, head);
  const QColor hue = theme.mechanism(mechanismOf(labelOf(*history, layer, head)));
  painter.save();
  painter.setClipRect(half);
  painter.setPen(Qt::NoPen);
  painter.setBrush(has_pattern ? hue : mixed(theme.plot, theme.text_muted, 0.5));
  painter.drawPath(area);
  painter.restore();
  if (low < 0) {
    painter.setPen(QPen(theme.text_muted, how.unit));
    painter.drawLine(QPointF(half.left(), zero), QPointF(half.right(), zero));
  }
  paintEmergence(painter, curves, side, layer, head, half, how, theme);
}

void paintStrip(QPainter& painter, const ComparedCurves& curves, const core::HeadPair& pair,
                const QRectF& lane, const CurvesPaint& how, const Theme& theme) {
  painter.fillRect(lane, theme.plot);
  const double height = (lane.height() - 3 * how.unit) / 2;
  std::array<Series, 2> series;
  double low = 0;
  for (std::size_t side = 0; side < 2; ++side) {
    const int head = side == 0 ? pair.first : pair.second;
    series[side] = stripSeries(curves.sides[side].history, pair.layer, head);
    low = std::min(low, liftFloor(series[side].values));
  }
  for (std::size_t side = 0; side < 2; ++side) {
    const int head = side == 0 ? pair.first : pair.second;
    const QRectF half(lane.left(),
                      lane.top() + how.unit + static_cast<double>(side) * (height + how.unit),
                      lane.width(), height);
    if (head >= 0) {
      paintHalf(painter, curves, side, pair.layer, head, std::move(series[side]), half, low, how,
                theme);
    }
  }
  painter.setPen(QPen(theme.rule, how.unit));
  painter.drawLine(lane.bottomLeft(), lane.bottomRight());
}

void paintRuler(QPainter& painter, const QRectF& ruler, const CurvesPaint& how,
                const Theme& theme) {
  const double f = how.font_px;
  const QFont font = monoFont(std::max(f * 0.85, 10 * how.unit));
  const int count = std::max(2, static_cast<int>(ruler.width() / (f * 9)));
  for (const double tick : timeTicks(scaleOf(how), how.first, how.last, count)) {
    const double x = axisX(ruler, scaleOf(how).toAxis(tick), how);
    paintText(painter, QRectF(x - f * 4, ruler.top(), f * 8, ruler.height()),
              Qt::AlignHCenter | Qt::AlignVCenter, formatInteger(std::llround(tick)), font,
              theme.text_muted, how.text_as_paths);
  }
}

LossRange lossRangeOf(const ComparedCurves& curves) {
  std::optional<LossRange> range;
  for (const CurveSide& side : curves.sides) {
    if (side.history != nullptr) {
      const LossRange own = lossRange(*side.history);
      range =
          range ? LossRange{std::min(range->low, own.low), std::max(range->high, own.high)} : own;
    }
  }
  return range.value_or(LossRange{});
}

}  // namespace

void paintCurves(QPainter& painter, const CurvesLayout& layout, const ComparedCurves& curves,
                 const CurvesPaint& how, const Theme& theme) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  paintRuler(painter, layout.ruler, how, theme);
  const LossRange range = lossRangeOf(curves);
  const Field loss{layout.loss, range.low, range.high, true};
  const int ticks = std::max(2, static_cast<int>(layout.loss.height() / (how.font_px * 2)));
  paintGrid(painter, loss, lossTicks(range.low, range.high, ticks), how, theme);
  paintGroups(painter, curves, loss, true, how, theme);
  const Field accuracy{layout.accuracy, 0, 1.03, false};
  paintGrid(painter, accuracy, {0, 0.5, 1}, how, theme);
  paintGroups(painter, curves, accuracy, false, how, theme);
  const auto lanes = curves.lanes();
  for (std::size_t i = 0; i < layout.strips.size(); ++i) {
    paintStrip(painter, curves, lanes[i], layout.strips[i], how, theme);
  }
  painter.restore();
}

}  // namespace anchorlens::widgets
