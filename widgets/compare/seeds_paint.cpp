// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/compare/seeds_paint.h"

#include "widgets/badge.h"
#include "widgets/fonts.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"
#include "widgets/time_scale.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace anchorlens::widgets {

namespace {

constexpr double kRow = 2.5;  ///< heights in font sizes
constexpr double kAxis = 1.9;
constexpr double kNever = 2.2;  ///< width of the place for runs without a number
constexpr double kName = 12.5;  ///< widths, where there is room
constexpr double kText = 19.5;
constexpr double kField = 6;

bool isSteps(const SeedRow& row) {
  return row.kind == SeedRow::Kind::Step;
}

double lastStep(const std::vector<SeedRow>& rows) {
  double last = 0;
  for (const SeedRow& row : rows) {
    if (isSteps(row) && row.spread) {
      last = std::max(last, row.spread->max);
    }
  }
  return last > 0 ? allTimeEnd(static_cast<std::int64_t>(last), static_cast<std::int64_t>(last * 2))
                  : 1;
}

double lowest(const std::vector<SeedRow>& rows) {
  double low = 0;
  for (const SeedRow& row : rows) {
    if (row.kind == SeedRow::Kind::Lift) {
      low = std::min(low, liftFloor(row.values));
    }
  }
  return low;
}

double axisX(const QRectF& field, double share) {
  return field.left() + std::clamp(share, 0.0, 1.0) * field.width();
}

double shareOf(const SeedRow& row, double value, const SeedsLayout& layout) {
  return isSteps(row) ? value / layout.last_step : (value - layout.low) / (1 - layout.low);
}

/// Dots that would cover each other are moved apart, up and down in turns.
std::vector<QPointF> placeDots(const SeedRow& row, const QRectF& field, const SeedsLayout& layout,
                               double never_x) {
  const double radius = layout.radius;
  std::vector<QPointF> dots;
  for (const double value : row.values) {
    dots.emplace_back(std::isnan(value) ? never_x : axisX(field, shareOf(row, value, layout)),
                      field.center().y());
  }
  std::vector<std::size_t> order(dots.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&dots](std::size_t a, std::size_t b) { return dots[a].x() < dots[b].x(); });
  const double middle = field.center().y();
  const double most = field.height() / 2 - radius;
  for (std::size_t i = 0; i < order.size(); ++i) {
    QPointF& dot = dots[order[i]];
    for (int turn = 0; turn < 7; ++turn) {
      const double side = turn % 2 == 1 ? -1 : 1;
      const double away = std::min(most, ((turn + 1) / 2) * radius * 1.5);
      dot.setY(middle + side * away);
      const bool is_free = std::none_of(
          order.begin(), order.begin() + static_cast<std::ptrdiff_t>(i), [&](std::size_t other) {
            const QPointF d = dots[other] - dot;
            return std::hypot(d.x(), d.y()) < 1.5 * radius;
          });
      if (is_free) {
        break;
      }
    }
  }
  return dots;
}

/// As many as have room, in font sizes.
std::vector<double> shareTicks(double room, double low) {
  const double apart = room > 11 ? 0.25 : room > 4.5 ? 0.5 : 1;
  std::vector<double> ticks;
  for (double tick = std::ceil(low / apart) * apart; tick <= 1; tick += apart) {
    ticks.push_back(tick + 0.0);  // no negative zero
  }
  return ticks;
}

void paintAxis(QPainter& painter, const QRectF& axis, bool is_steps, const SeedsLayout& layout,
               const SeedsPaint& how, const Theme& theme) {
  const double f = how.font_px;
  const QFont font = monoFont(std::max(f * 0.8, 10 * how.unit));
  const double first = is_steps ? 0 : layout.low;
  const double last = is_steps ? layout.last_step : 1;
  const std::vector<double> ticks =
      is_steps ? timeTicks({}, 0, last, std::max(2, static_cast<int>(axis.width() / (f * 7))))
               : shareTicks(axis.width() / f, first);
  painter.setPen(QPen(theme.border, how.unit));
  painter.drawLine(axis.topLeft(), axis.topRight());
  for (const double tick : ticks) {
    const double x = axisX(axis, (tick - first) / (last - first));
    painter.setPen(QPen(theme.border, how.unit));
    painter.drawLine(QPointF(x, axis.top()), QPointF(x, axis.top() + f * 0.25));
    const QString text = is_steps ? formatInteger(std::llround(tick)) : QString::number(tick);
    paintText(painter, QRectF(x - f * 4, axis.top() + f * 0.25, f * 8, f * 1.3),
              Qt::AlignHCenter | Qt::AlignVCenter, text, font, theme.text_muted, how.text_as_paths);
  }
}

void paintSpread(QPainter& painter, const SeedRow& row, const QRectF& field,
                 const SeedsLayout& layout, const SeedsPaint& how, const Theme& theme) {
  if (!isSteps(row) && layout.low < 0) {
    const double zero = axisX(field, shareOf(row, 0, layout));
    painter.setPen(QPen(theme.text_muted, how.unit));
    painter.drawLine(QPointF(zero, field.top()), QPointF(zero, field.bottom()));
  }
  if (!row.spread) {
    return;
  }
  const QColor hue =
      row.mechanism == Mechanism::None ? theme.text_second : theme.mechanism(row.mechanism);
  const auto x = [&](double value) { return axisX(field, shareOf(row, value, layout)); };
  const double y = field.center().y();
  const QRectF band(QPointF(x(row.spread->min), y - field.height() * 0.3),
                    QPointF(x(row.spread->max), y + field.height() * 0.3));
  painter.setPen(Qt::NoPen);
  painter.setBrush(mixed(theme.plot, hue, theme.is_dark ? 0.28 : 0.22));
  painter.drawRoundedRect(band.adjusted(-how.unit, 0, how.unit, 0), 2 * how.unit, 2 * how.unit);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(hue, 2.4 * how.unit, Qt::SolidLine, Qt::FlatCap));
  const double median = x(row.spread->median);
  painter.drawLine(QPointF(median, field.top()), QPointF(median, field.bottom()));
}

}  // namespace

SeedsLayout layoutSeeds(QPointF top_left, double width, const std::vector<SeedRow>& rows,
                        const SeedsPaint& how) {
  SeedsLayout layout;
  const double f = how.font_px;
  layout.radius = f * 0.36;
  layout.last_step = lastStep(rows);
  layout.low = lowest(rows);
  const double text = std::min(kText * f, width * 0.36);
  // Where there is little room, names give way to the dots, up to a share.
  const double room = width - text - f * (kNever + 1.5);
  const double name = std::clamp(room - kField * f, std::min(kName * f, width * 0.3), kName * f);
  const double left = top_left.x() + name;
  const double field = std::max(0.0, room - name);
  double y = top_left.y();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    SeedsLayout::Row placed;
    placed.name = QRectF(top_left.x(), y, name - f * 0.5, f * kRow);
    placed.field = QRectF(left, y + f * 0.2, field, f * (kRow - 0.4));
    placed.text = QRectF(left + field + f * (kNever + 1), y, text, f * kRow);
    placed.dots =
        placeDots(rows[i], placed.field, layout, placed.field.right() + f * (kNever * 0.6));
    layout.rows.push_back(std::move(placed));
    y += f * kRow;
    const bool is_last = i + 1 == rows.size() || isSteps(rows[i]) != isSteps(rows[i + 1]);
    if (is_last) {
      layout.axes.emplace_back(left, y, field, f * kAxis);
      y += f * (kAxis + 0.4);
    }
  }
  layout.height = y - top_left.y();
  return layout;
}

SeedsLayout::Dot SeedsLayout::dotAt(QPointF point) const {
  Dot nearest;
  double least = radius * 1.8;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t run = 0; run < rows[row].dots.size(); ++run) {
      const QPointF d = rows[row].dots[run] - point;
      if (const double away = std::hypot(d.x(), d.y()); away < least) {
        least = away;
        nearest = {static_cast<int>(row), static_cast<int>(run)};
      }
    }
  }
  return nearest;
}

void paintSeeds(QPainter& painter, const SeedsLayout& layout, const SeedSet& set,
                const std::vector<SeedRow>& rows, const SeedsPaint& how, const Theme& theme,
                SeedsLayout::Dot chosen) {
  const double f = how.font_px;
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const SeedRow& row = rows[i];
    const SeedsLayout::Row& place = layout.rows[i];
    painter.fillRect(place.field.adjusted(0, f * 0.1, 0, -f * 0.1), theme.plot);
    QRectF name = place.name;
    if (row.mechanism != Mechanism::None) {
      const double size = f * 0.8;
      paintMechanismIcon(painter, QRectF(name.left(), name.center().y() - size / 2, size, size),
                         row.mechanism, theme.mechanism(row.mechanism));
    }
    name.setLeft(name.left() + f * 1.3);
    const QFont plain = textFont(f * 0.95);
    paintText(painter, name, Qt::AlignLeft | Qt::AlignVCenter,
              elided(row.title, plain, name.width()), plain, theme.text, how.text_as_paths);
    paintSpread(painter, row, place.field, layout, how, theme);
    const QFont mono = monoFont(f * 0.85);
    paintText(painter, place.text, Qt::AlignLeft | Qt::AlignVCenter,
              elided(seedSpreadText(row), mono, place.text.width()), mono, theme.text_second,
              how.text_as_paths);
    for (std::size_t run = 0; run < place.dots.size(); ++run) {
      const SeedRun& seed = set.runs[run];
      const QColor colour = theme.run(seed.colour);
      const bool has_value = !std::isnan(row.values[run]);
      const double radius = layout.radius * (seed.is_compared ? 1.25 : 1.0);
      // A run without a number is a ring.
      painter.setPen(QPen(has_value ? theme.plot : colour, (has_value ? 1.0 : 1.4) * how.unit));
      painter.setBrush(has_value ? QBrush(colour) : QBrush(Qt::NoBrush));
      painter.drawEllipse(place.dots[run], radius, radius);
      const bool is_chosen = chosen == SeedsLayout::Dot{static_cast<int>(i), static_cast<int>(run)};
      if (is_chosen) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.text, 1.6 * how.unit));
        painter.drawEllipse(place.dots[run], radius + 2.5 * how.unit, radius + 2.5 * how.unit);
      }
    }
  }
  for (std::size_t i = 0; i < layout.axes.size(); ++i) {
    const bool is_steps = i == 0 && !rows.empty() && isSteps(rows.front());
    paintAxis(painter, layout.axes[i], is_steps, layout, how, theme);
  }
  painter.restore();
}

}  // namespace anchorlens::widgets
