// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/timeline_overlay.h"
#include "widgets/timeline_plot.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

/// What the pointer does: with Shift on the ruler, or at an end of the loop there, a drag marks the
/// loop, and a double click on the ruler removes it; else on the ruler, near the cursor or with all
/// time in view a drag moves the cursor, elsewhere it pans; a click without a drag moves the
/// cursor; the wheel zooms; a double click shows all time.
namespace anchorlens::widgets {

namespace {
constexpr double kGrab = 6;       ///< pixels on each side of the cursor line
constexpr double kDragStart = 4;  ///< less is a click
}  // namespace

void TimelinePlot::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || m_history == nullptr) {
    return;
  }
  const QPointF point = event->position();
  m_press_x = point.x();
  m_press_range = m_range;
  m_press_loop = m_loop;
  m_has_moved = false;
  if (startLoopDrag(point, event->modifiers())) {
    return;
  }
  const bool is_on_ruler = laneBand(0).contains(point.toPoint());
  const bool is_near_cursor = std::abs(point.x() - xOfStep(static_cast<double>(m_cursor))) <= kGrab;
  // With all time in view there is nothing to pan to.
  m_drag = is_on_ruler || is_near_cursor || m_shows_all_time ? Drag::Cursor : Drag::Pan;
}

void TimelinePlot::dragCursor(double x) {
  // Half a pixel more: a click on a frame's own place must not fall on the frame before it.
  emit cursorDragged(static_cast<std::int64_t>(std::floor(stepAtX(x + 0.5))));
}

/// The step of the loop's other end when an end is under the pointer; NaN when none is.
double TimelinePlot::loopEndNear(const QPointF& point) const {
  if (m_loop && laneBand(0).contains(point.toPoint())) {
    if (std::abs(xOfStep(m_loop->first) - point.x()) <= kGrab) {
      return m_loop->last;
    }
    if (std::abs(xOfStep(m_loop->last) - point.x()) <= kGrab) {
      return m_loop->first;
    }
  }
  return std::numeric_limits<double>::quiet_NaN();
}

bool TimelinePlot::startLoopDrag(const QPointF& point, Qt::KeyboardModifiers modifiers) {
  if (!laneBand(0).contains(point.toPoint())) {
    return false;
  }
  const double other_end = loopEndNear(point);
  const bool is_new = modifiers == Qt::ShiftModifier;
  if (!is_new && std::isnan(other_end)) {
    return false;
  }
  m_loop_anchor = is_new ? std::round(stepAtX(point.x())) : other_end;
  m_drag = Drag::Loop;
  return true;
}

void TimelinePlot::dragLoop(double x) {
  const double all = allTimeEnd(m_history->newestStep(), m_history->totalSteps());
  const double end = std::clamp(std::round(stepAtX(x)), 0.0, all);
  setLoop(Timeline::Range{std::min(m_loop_anchor, end), std::max(m_loop_anchor, end)});
}

void TimelinePlot::mouseMoveEvent(QMouseEvent* event) {
  const double x = event->position().x();
  if (m_drag != Drag::None && std::abs(x - m_press_x) >= kDragStart) {
    m_has_moved = true;
  }
  if (m_drag == Drag::Loop && m_has_moved) {
    dragLoop(x);
  } else if (m_drag == Drag::Cursor && m_has_moved) {
    dragCursor(x);
  } else if (m_drag == Drag::Pan && m_has_moved) {
    setCursorShape(Qt::ClosedHandCursor);
    panTo(x);
  } else if (m_drag == Drag::None) {
    const bool is_near = std::abs(x - xOfStep(static_cast<double>(m_cursor))) <= kGrab ||
                         !std::isnan(loopEndNear(event->position()));
    setCursorShape(is_near && m_history != nullptr ? Qt::SizeHorCursor : Qt::ArrowCursor);
  }
}

void TimelinePlot::mouseReleaseEvent(QMouseEvent* event) {
  if (m_drag == Drag::Loop) {
    if (m_has_moved) {
      emit loopMarked(std::exchange(m_loop, m_press_loop));  // the receiver sees what changes
    }
  } else if (m_drag != Drag::None && !m_has_moved) {
    dragCursor(event->position().x());
  }
  m_drag = Drag::None;
  setCursorShape(Qt::ArrowCursor);
}

void TimelinePlot::mouseDoubleClickEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) {
    return;
  }
  m_drag = Drag::None;
  if (laneBand(0).contains(event->position().toPoint())) {
    emit loopMarked(std::nullopt);
  } else {
    m_shows_all_time = true;
    rebuild();
    emit rangeChanged();
  }
}

void TimelinePlot::wheelEvent(QWheelEvent* event) {
  const QPoint delta = event->angleDelta();
  if (m_history == nullptr || delta.isNull()) {
    event->ignore();
    return;
  }
  const bool is_sideways =
      std::abs(delta.x()) > std::abs(delta.y()) || (event->modifiers() & Qt::ShiftModifier) != 0;
  if (is_sideways) {
    const int way = delta.x() != 0 ? delta.x() : delta.y();
    m_press_range = m_range;
    m_press_x = 0;
    panTo(way * 0.5);
  } else {
    zoomAt(event->position().x(), std::pow(1.25, delta.y() / 120.0));
  }
  event->accept();
}

void TimelinePlot::zoomAt(double x, double factor) {
  const double all = allTimeEnd(m_history->newestStep(), m_history->totalSteps());
  const double first = m_scale.toAxis(m_range.first);
  const double last = m_scale.toAxis(m_range.last);
  // The cursor may be beyond the view, which then keeps its middle.
  const double at = m_scale.toAxis(stepAtX(x));
  const double pivot = at < first || at > last ? (first + last) / 2 : at;
  double new_first = pivot - (pivot - first) / factor;
  double new_last = pivot + (last - pivot) / factor;
  if (m_scale.toStep(new_last) - m_scale.toStep(new_first) < 4) {
    return;  // nothing is to be seen between two steps
  }
  new_first = std::max(0.0, new_first);
  new_last = std::min(m_scale.toAxis(all), new_last);
  m_shows_all_time = new_first <= 0 && new_last >= m_scale.toAxis(all);
  m_range = {m_scale.toStep(new_first), m_scale.toStep(new_last)};
  rebuild();
  emit rangeChanged();
}

void TimelinePlot::bringIntoView(double step) {
  if (m_shows_all_time || m_history == nullptr || (step >= m_range.first && step <= m_range.last)) {
    return;
  }
  const double first = m_scale.toAxis(m_range.first);
  const double width = m_scale.toAxis(m_range.last) - first;
  const double at = m_scale.toAxis(step);
  constexpr double kAir = 0.1;  // of the width, on the side that it came from
  const double wanted = at < first ? at - kAir * width : at - (1 - kAir) * width;
  const double all = m_scale.toAxis(allTimeEnd(m_history->newestStep(), m_history->totalSteps()));
  const double new_first = std::clamp(wanted, 0.0, std::max(0.0, all - width));
  m_range = {m_scale.toStep(new_first), m_scale.toStep(new_first + width)};
  rebuild();
  emit rangeChanged();
}

void TimelinePlot::panTo(double x) {
  const double width = std::max(1, laneRect(0).width());
  const double first = m_scale.toAxis(m_press_range.first);
  const double last = m_scale.toAxis(m_press_range.last);
  const double all = m_scale.toAxis(allTimeEnd(m_history->newestStep(), m_history->totalSteps()));
  const double wanted = first - (x - m_press_x) / width * (last - first);
  const double new_first = std::clamp(wanted, 0.0, std::max(0.0, all - (last - first)));
  const Timeline::Range range{m_scale.toStep(new_first),
                              m_scale.toStep(new_first + (last - first))};
  if (m_shows_all_time || range == m_range) {
    return;
  }
  m_range = range;
  rebuild();
  emit rangeChanged();
}

void TimelinePlot::resizeEvent(QResizeEvent* event) {
  m_overlay->setGeometry(rect());
  QCustomPlot::resizeEvent(event);
  if (!m_rects.empty()) {
    rebuild();
  }
}

void TimelinePlot::setCursorShape(Qt::CursorShape shape) {
  if (QWidget::cursor().shape() != shape) {
    QWidget::setCursor(shape);
  }
}

bool TimelinePlot::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = dynamic_cast<QHelpEvent*>(event);
    const auto mark = help != nullptr ? markAt(help->pos()) : std::nullopt;
    if (mark) {
      QToolTip::showText(help->globalPos(), markText(*mark), this);
    } else {
      QToolTip::hideText();
    }
    return true;
  }
  return QCustomPlot::event(event);
}

}  // namespace anchorlens::widgets
