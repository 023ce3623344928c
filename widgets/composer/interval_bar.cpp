// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/interval_bar.h"

#include "engine/core/experiment/edit_held_out.h"
#include "widgets/fonts.h"
#include "widgets/panel_text.h"
#include "widgets/text_paint.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <utility>

namespace anchorlens::widgets {

namespace {

constexpr double kGrip = 6;  ///< pixels within which an end is taken
constexpr int kLongStep = 10;
constexpr int kNewLength = 8;

bool isOwnKey(const QKeyEvent& key) {
  const bool is_arrow = key.key() >= Qt::Key_Left && key.key() <= Qt::Key_Down;
  const bool is_other =
      key.key() == Qt::Key_Delete || key.key() == Qt::Key_Backspace || key.key() == Qt::Key_Insert;
  return (key.modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) == Qt::NoModifier &&
         (is_arrow || is_other);
}

}  // namespace

IntervalBar::IntervalBar(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void IntervalBar::setIntervals(const core::Intervals& keys, const core::Intervals& intervals) {
  m_keys = core::joined(keys);
  m_intervals = intervals;
  core::Intervals all = m_keys;
  all.insert(all.end(), intervals.begin(), intervals.end());
  all = core::joined(all);
  // While an end is being dragged the scale stays where it is.
  if (!m_is_dragging) {
    m_first = all.empty() ? 0 : all.front().first;
    m_last = all.empty() ? 0 : all.back().last;
  }
  const int n_ends = static_cast<int>(m_intervals.size()) * 2;
  m_end = n_ends == 0 ? -1 : std::clamp(m_end, 0, n_ends - 1);
  describe();
  update();
}

void IntervalBar::setTheme(const Theme& theme) {
  m_theme = theme;
  update();
}

void IntervalBar::describe() {
  const QString held = m_intervals.empty() ? tr("no keys held out")
                                           : tr("held out %1").arg(formatIntervals(m_intervals));
  QString end;
  if (m_end >= 0) {
    const auto& interval = m_intervals[static_cast<std::size_t>(m_end / 2)];
    end = m_end % 2 == 0 ? tr(", at first key %1").arg(interval.first)
                         : tr(", at last key %1").arg(interval.last);
  }
  setAccessibleDescription(tr("Keys %1, %2%3").arg(formatIntervals(m_keys), held, end));
}

QSize IntervalBar::sizeHint() const {
  return {160, static_cast<int>(std::round(basePixelSize(*this) * 2))};
}

QSize IntervalBar::minimumSizeHint() const {
  return {80, sizeHint().height()};
}

double IntervalBar::xOf(int key) const {
  return 2 + (key - m_first) * (width() - 4.0) / (m_last - m_first + 1);
}

int IntervalBar::keyAt(double x) const {
  const int key =
      m_first +
      static_cast<int>(std::floor((x - 2) * (m_last - m_first + 1) / std::max(width() - 4.0, 1.0)));
  return std::clamp(key, m_first, m_last);
}

int IntervalBar::endAt(double x) const {
  int nearest = -1;
  double distance = kGrip;
  for (std::size_t i = 0; i < m_intervals.size(); ++i) {
    const double ends[] = {xOf(m_intervals[i].first), xOf(m_intervals[i].last + 1)};
    for (int side = 0; side < 2; ++side) {
      if (std::abs(x - ends[side]) <= distance) {
        distance = std::abs(x - ends[side]);
        nearest = static_cast<int>(i) * 2 + side;
      }
    }
  }
  return nearest;
}

void IntervalBar::change(core::Intervals intervals) {
  if (intervals == m_intervals)
    return;
  m_intervals = intervals;
  describe();
  update();
  emit changed(intervals, m_stroke);
}

/// The chosen end comes to `key`; it does not pass the other end of its interval.
void IntervalBar::moveEnd(int key) {
  if (m_end < 0)
    return;
  core::Intervals next = m_intervals;
  core::Interval& interval = next[static_cast<std::size_t>(m_end / 2)];
  key = std::clamp(key, m_first, m_last);
  if (m_end % 2 == 0)
    interval.first = std::min(key, interval.last);
  else
    interval.last = std::max(key, interval.first);
  change(std::move(next));
}

void IntervalBar::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || m_is_read_only) {
    event->ignore();
    return;
  }
  ++m_stroke;
  m_is_dragging = true;
  m_drag_from = -1;
  m_at_press = m_intervals;
  const int end = endAt(event->position().x());
  const int key = keyAt(event->position().x());
  const auto inside =
      std::find_if(m_intervals.begin(), m_intervals.end(), [&](const core::Interval& interval) {
        return interval.first <= key && key <= interval.last;
      });
  if (end >= 0)
    m_end = end;
  else if (inside != m_intervals.end())
    m_end = static_cast<int>(inside - m_intervals.begin()) * 2;
  else
    m_drag_from = key;
  m_is_dragging = end >= 0 || m_drag_from >= 0;
  describe();
  update();
}

void IntervalBar::dragTo(int key) {
  if (m_drag_from < 0) {
    moveEnd(key);
    return;
  }
  core::Intervals next = m_at_press;
  next.push_back({std::min(m_drag_from, key), std::max(m_drag_from, key)});
  m_end = static_cast<int>(next.size()) * 2 - (key < m_drag_from ? 2 : 1);
  change(std::move(next));
}

void IntervalBar::mouseMoveEvent(QMouseEvent* event) {
  if (m_is_dragging && event->buttons() & Qt::LeftButton)
    dragTo(keyAt(event->position().x()));
  else
    setCursor(endAt(event->position().x()) >= 0 ? Qt::SizeHorCursor : Qt::ArrowCursor);
}

void IntervalBar::mouseReleaseEvent(QMouseEvent*) {
  if (!std::exchange(m_is_dragging, false))
    return;
  m_drag_from = -1;
  // What was dragged over one another becomes one.
  if (m_intervals != m_at_press)
    change(core::joined(m_intervals));
  setIntervals(m_keys, m_intervals);
}

void IntervalBar::keyPressEvent(QKeyEvent* event) {
  if (!isOwnKey(*event) || m_is_read_only) {
    QWidget::keyPressEvent(event);
    return;
  }
  const int n_ends = static_cast<int>(m_intervals.size()) * 2;
  const int step = event->modifiers() & Qt::ShiftModifier ? kLongStep : 1;
  const auto ownEnd = [&] {
    const auto& interval = m_intervals[static_cast<std::size_t>(m_end / 2)];
    return m_end % 2 == 0 ? interval.first : interval.last;
  };
  switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
      if (m_end >= 0)
        moveEnd(ownEnd() + (event->key() == Qt::Key_Left ? -step : step));
      break;
    case Qt::Key_Up:
    case Qt::Key_Down:
      ++m_stroke;
      if (n_ends > 0)
        m_end = (m_end + (event->key() == Qt::Key_Up ? n_ends - 1 : 1)) % n_ends;
      describe();
      update();
      break;
    case Qt::Key_Insert: {
      ++m_stroke;
      core::Intervals next = m_intervals;
      const int first = next.empty() ? m_first : std::min(next.back().last + 2, m_last);
      next.push_back({first, std::min(first + kNewLength - 1, m_last)});
      m_end = static_cast<int>(next.size()) * 2 - 1;
      change(std::move(next));
      break;
    }
    default:
      ++m_stroke;
      if (m_end >= 0) {
        core::Intervals next = m_intervals;
        next.erase(next.begin() + m_end / 2);
        m_end = next.empty() ? -1 : std::min(m_end, static_cast<int>(next.size()) * 2 - 1);
        change(std::move(next));
      }
  }
}

bool IntervalBar::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride &&
      isOwnKey(*static_cast<const QKeyEvent*>(event))) {
    event->accept();
    return true;
  }
  return QWidget::event(event);
}

void IntervalBar::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  ++m_stroke;
  if (m_end < 0 && !m_intervals.empty())
    m_end = 0;
  describe();
  update();
}

void IntervalBar::focusOutEvent(QFocusEvent* event) {
  QWidget::focusOutEvent(event);
  update();
}

void IntervalBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const double middle = height() / 2.0;
  const double thick = std::round(basePixelSize(*this) * 0.75);
  painter.setPen(Qt::NoPen);
  painter.setBrush(mixed(m_theme.raised, m_theme.text_muted, 0.25));
  for (const core::Interval& keys : m_keys) {
    const double left = xOf(keys.first);
    painter.drawRoundedRect(QRectF(left, middle - 2, xOf(keys.last + 1) - left, 4), 2, 2);
  }
  const QColor held = m_theme.group(GroupLine::HeldOut, 1).color();
  for (std::size_t i = 0; i < m_intervals.size(); ++i) {
    const double left = xOf(m_intervals[i].first);
    const QRectF box(left, middle - thick / 2, std::max(xOf(m_intervals[i].last + 1) - left, 3.0),
                     thick);
    painter.setPen(QPen(held, 1.2 * m_theme.borderWidth()));
    painter.setBrush(mixed(m_theme.panel, held, 0.35));
    painter.drawRoundedRect(box, 2, 2);
    if (hasFocus() && m_end / 2 == static_cast<int>(i) && m_end >= 0) {
      const double x = m_end % 2 == 0 ? box.left() : box.right();
      painter.setPen(Qt::NoPen);
      painter.setBrush(m_theme.accent);
      painter.drawRoundedRect(QRectF(x - 2, middle - thick / 2 - 2, 4, thick + 4), 2, 2);
    }
  }
  if (hasFocus()) {
    painter.setPen(QPen(m_theme.accent, m_theme.borderWidth()));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
  }
}

}  // namespace anchorlens::widgets
