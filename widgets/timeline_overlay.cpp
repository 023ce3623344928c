// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/timeline_overlay.h"

#include "widgets/fonts.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"
#include "widgets/timeline_plot.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

TimelineOverlay::TimelineOverlay(TimelinePlot* plot) : QWidget(plot), m_plot(*plot) {
  setAttribute(Qt::WA_TransparentForMouseEvents);
  setAttribute(Qt::WA_NoSystemBackground);
  setGeometry(plot->rect());
}

bool TimelineOverlay::isInside(double x) const {
  const QRectF lane = m_plot.laneRect(0);
  return x >= lane.left() - 0.5 && x <= lane.right() + 1.5;
}

void TimelineOverlay::paintEvent(QPaintEvent*) {
  if (m_plot.lanes().empty() || m_plot.history() == nullptr) {
    return;
  }
  QPainter painter(this);
  paintFuture(painter);
  paintRules(painter);
  paintRuler(painter);
  paintMarks(painter);
  paintCursor(painter);
}

void TimelineOverlay::paintRules(QPainter& painter) const {
  painter.setPen(QPen(m_plot.theme().rule, 1));
  painter.setRenderHint(QPainter::Antialiasing, false);
  for (std::size_t i = 0; i < m_plot.lanes().size(); ++i) {
    const int y = m_plot.laneBand(i).bottom();
    painter.drawLine(0, y, width(), y);
  }
}

void TimelineOverlay::paintRuler(QPainter& painter) const {
  const QRect band = m_plot.laneBand(0);
  const QFont font = monoFont(std::max(10.0, basePixelSize(m_plot) - 2));
  const QRectF tag = tagRect().adjusted(-4, 0, 4, 0);
  double free_from = -1e9;
  for (const double tick : m_plot.ticks()) {
    const double x = m_plot.xOfStep(tick);
    const QString text = formatInteger(static_cast<std::int64_t>(std::llround(tick)));
    const double half = textWidth(text, font) / 2;
    QRectF box(x - half, band.top(), 2 * half, band.height());
    box.moveRight(std::min(box.right(), width() - 2.0));
    if (!isInside(x) || box.left() < free_from || box.intersects(tag)) {
      continue;
    }
    paintText(painter, box, Qt::AlignHCenter | Qt::AlignVCenter, text, font,
              m_plot.theme().text_muted);
    free_from = box.right() + 6;
  }
}

/// What is still to come is a little darker than what was.
void TimelineOverlay::paintFuture(QPainter& painter) const {
  const QRect first = m_plot.laneRect(0);
  const double x = std::clamp(m_plot.xOfStep(static_cast<double>(m_plot.history()->newestStep())),
                              static_cast<double>(first.left()), first.right() + 1.0);
  const int top = m_plot.laneBand(1).top();
  const int bottom = m_plot.laneBand(m_plot.lanes().size() - 1).bottom();
  QColor shade = m_plot.theme().is_dark ? QColor(0, 0, 0) : QColor(60, 80, 120);
  shade.setAlphaF(m_plot.theme().is_dark ? 0.22F : 0.05F);
  painter.fillRect(QRectF(x, top, first.right() + 1 - x, bottom - top), shade);
}

void TimelineOverlay::paintMarks(QPainter& painter) const {
  const Theme& theme = m_plot.theme();
  double last_tick = -1e9;
  for (const TimeMark& mark : m_plot.marks()) {
    const double x = m_plot.xOfStep(static_cast<double>(mark.step));
    if (!isInside(x)) {
      continue;
    }
    const QRectF lane = m_plot.laneBand(static_cast<std::size_t>(mark.lane));
    const double middle = lane.center().y();
    painter.setRenderHint(QPainter::Antialiasing, mark.kind != TimeMark::Kind::Frame);
    switch (mark.kind) {
      case TimeMark::Kind::Frame:
        if (x - last_tick >= 3) {  // ticks closer than that are one grey line
          last_tick = x;
          painter.setPen(QPen(theme.text_muted, 1));
          painter.drawLine(QPointF(x, middle - 3), QPointF(x, middle + 3));
        }
        break;
      case TimeMark::Kind::Checkpoint: {
        painter.setPen(QPen(theme.panel, 1));
        painter.setBrush(theme.text_second);
        const double r = 5;
        painter.drawPolygon(
            QPolygonF({{x, middle - r}, {x + r, middle}, {x, middle + r}, {x - r, middle}}));
        break;
      }
      case TimeMark::Kind::Event:
        painter.setPen(QPen(theme.warning, 1.5));
        painter.drawLine(QPointF(x, middle - 8), QPointF(x, middle + 8));
        painter.setBrush(theme.warning);
        painter.setPen(Qt::NoPen);
        painter.drawPolygon(QPolygonF({{x, middle - 8}, {x + 9, middle - 4.5}, {x, middle - 1}}));
        break;
      case TimeMark::Kind::Emergence: {
        const double base = m_plot.laneRect(static_cast<std::size_t>(mark.lane)).bottom() + 1;
        painter.setPen(QPen(theme.panel, 1));
        painter.setBrush(theme.time_cursor);
        painter.drawPolygon(QPolygonF({{x - 4.5, base}, {x + 4.5, base}, {x, base - 8}}));
        break;
      }
    }
  }
}

/// The cursor's step on the ruler; empty when the cursor is out of view.
QRectF TimelineOverlay::tagRect() const {
  const double x = m_plot.xOfStep(static_cast<double>(m_plot.timeCursor()));
  if (!isInside(x)) {
    return {};
  }
  const QRectF ruler = m_plot.laneBand(0);
  const QFont font = monoFont(std::max(10.0, basePixelSize(m_plot) - 1));
  const double tag_width = textWidth(formatInteger(m_plot.timeCursor()), font) + 14;
  const double tag_height = std::min(ruler.height() - 3, basePixelSize(m_plot) + 7);
  QRectF tag(x - tag_width / 2, ruler.top() + 1, tag_width, tag_height);
  tag.moveLeft(std::clamp(tag.left(), 0.0, std::max(0.0, width() - tag_width - 1)));
  return tag;
}

void TimelineOverlay::paintCursor(QPainter& painter) const {
  const Theme& theme = m_plot.theme();
  const QRectF ruler = m_plot.laneBand(0);
  const double bottom = m_plot.laneBand(m_plot.lanes().size() - 1).bottom();
  if (m_plot.live() && *m_plot.live() != m_plot.timeCursor()) {
    const double x = std::round(m_plot.xOfStep(static_cast<double>(*m_plot.live())));
    if (isInside(x)) {
      painter.setRenderHint(QPainter::Antialiasing, false);
      painter.setPen(QPen(theme.accent, 1, Qt::DashLine));
      painter.drawLine(QPointF(x, ruler.bottom()), QPointF(x, bottom));
    }
  }
  const double x = m_plot.xOfStep(static_cast<double>(m_plot.timeCursor()));
  if (!isInside(x)) {
    return;
  }
  const QFont font = monoFont(std::max(10.0, basePixelSize(m_plot) - 1));
  const QString text = formatInteger(m_plot.timeCursor());
  const QRectF tag = tagRect();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(theme.time_cursor, 1.5 * theme.borderWidth()));
  painter.drawLine(QPointF(x, tag.bottom()), QPointF(x, bottom));
  painter.setPen(Qt::NoPen);
  painter.setBrush(theme.time_cursor);
  painter.drawRoundedRect(tag, 3, 3);
  painter.drawPolygon(
      QPolygonF({{x - 4, tag.bottom() - 0.5}, {x + 4, tag.bottom() - 0.5}, {x, tag.bottom() + 4}}));
  paintText(painter, tag, Qt::AlignHCenter | Qt::AlignVCenter, text, font,
            theme.is_dark ? QColor(0x14, 0x16, 0x1B) : QColor(Qt::white));
}

}  // namespace anchorlens::widgets
