// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/timeline_overlay.h"

#include "widgets/fonts.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"
#include "widgets/time_marks.h"
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
  paintLoop(painter);
  paintRuler(painter);
  paintFrames(painter);
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

/// A tick for each frame; ticks closer than three pixels are one grey line. Frames may be a hundred
/// thousand: only those that are drawn are looked at.
void TimelineOverlay::paintFrames(QPainter& painter) const {
  const auto& frames = m_plot.history()->frames();
  const QRectF lane = m_plot.laneBand(m_plot.lanes().size() - 1);
  painter.setRenderHint(QPainter::Antialiasing, false);
  const auto firstFrom = [&](double x) {
    return std::lower_bound(frames.begin(), frames.end(), std::ceil(m_plot.stepAtX(x) - 1e-6));
  };
  for (auto frame = firstFrom(m_plot.laneRect(0).left() - 0.5); frame != frames.end();) {
    const double x = m_plot.xOfStep(static_cast<double>(*frame));
    if (!isInside(x)) {
      break;
    }
    paintTimeMark(painter, TimeMark::Kind::Frame, lane, x, m_plot.theme());
    frame = std::max(frame + 1, firstFrom(x + kFramesApart));
  }
}

void TimelineOverlay::paintMarks(QPainter& painter) const {
  painter.setRenderHint(QPainter::Antialiasing);
  double last_spike = -1e9;
  for (const TimeMark& mark : m_plot.marks()) {
    const double x = m_plot.xOfStep(static_cast<double>(mark.step));
    if (!isInside(x)) {
      continue;
    }
    if (mark.kind == TimeMark::Kind::Spike) {
      if (x - last_spike < kSpikesApart) {
        continue;
      }
      last_spike = x;
    }
    const auto lane = static_cast<std::size_t>(mark.lane);
    const bool is_on_strip = mark.kind == TimeMark::Kind::Emergence;
    paintTimeMark(painter, mark.kind, is_on_strip ? m_plot.laneRect(lane) : m_plot.laneBand(lane),
                  x, m_plot.theme());
  }
}

/// The part of time that a replay repeats: a bar at the foot of the ruler, its ends through all
/// lanes.
void TimelineOverlay::paintLoop(QPainter& painter) const {
  if (!m_plot.loop()) {
    return;
  }
  const Theme& theme = m_plot.theme();
  const QRect ruler = m_plot.laneBand(0);
  const QRect field = m_plot.laneRect(0);
  const double bottom = m_plot.laneBand(m_plot.lanes().size() - 1).bottom();
  const auto inside = [&](double step) {
    return std::clamp(m_plot.xOfStep(step), double(field.left()), field.right() + 1.0);
  };
  const double first = inside(m_plot.loop()->first);
  const double last = inside(m_plot.loop()->last);
  painter.setRenderHint(QPainter::Antialiasing, false);
  QColor tint = theme.accent;
  tint.setAlphaF(0.10F);
  painter.fillRect(QRectF(first, ruler.top(), last - first, bottom - ruler.top()), tint);
  painter.fillRect(QRectF(first, ruler.bottom() - 3, last - first, 4), theme.accent);
  painter.setPen(QPen(theme.accent, 1));
  for (const double step : {m_plot.loop()->first, m_plot.loop()->last}) {
    const double x = std::round(m_plot.xOfStep(step));
    if (isInside(x)) {
      painter.drawLine(QPointF(x, ruler.top() + 2), QPointF(x, bottom));
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
  // Where the arrow keys move it, it has the colour of what has the focus.
  const QColor colour = m_plot.hasKeyFocus() ? theme.accent : theme.time_cursor;
  painter.setPen(QPen(colour, (m_plot.hasKeyFocus() ? 2.5 : 1.5) * theme.borderWidth()));
  painter.drawLine(QPointF(x, tag.bottom()), QPointF(x, bottom));
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  painter.drawRoundedRect(tag, 3, 3);
  painter.drawPolygon(
      QPolygonF({{x - 4, tag.bottom() - 0.5}, {x + 4, tag.bottom() - 0.5}, {x, tag.bottom() + 4}}));
  paintText(painter, tag, Qt::AlignHCenter | Qt::AlignVCenter, text, font,
            theme.is_dark ? QColor(0x14, 0x16, 0x1B) : QColor(Qt::white));
}

}  // namespace anchorlens::widgets
