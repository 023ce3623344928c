// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/compare/compare_curves.h"

#include "widgets/fonts.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

CompareCurves::CompareCurves(QWidget* parent) : QAbstractScrollArea(parent) {
  setFocusPolicy(Qt::ClickFocus);
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  viewport()->setAutoFillBackground(false);
  setAccessibleName(tr("Curves of the two runs"));
  m_clock.start();
  m_late.setSingleShot(true);
  connect(&m_late, &QTimer::timeout, this, &CompareCurves::layOut);
}

void CompareCurves::setCurves(const ComparedCurves& curves) {
  m_curves = curves;
  layOut();
}

void CompareCurves::setGrownCurves(const ComparedCurves& curves) {
  m_curves = curves;
  if (m_rate.isDue(m_clock.elapsed())) {
    layOut();
  } else if (!m_late.isActive()) {
    m_late.start(static_cast<int>(m_rate.waitMs(m_clock.elapsed())));
  }
}

void CompareCurves::setTimeCursor(std::int64_t step) {
  if (step != m_cursor) {
    m_cursor = step;
    setAccessibleDescription(tr("Step %1").arg(formatInteger(step)));
    viewport()->update();
  }
}

void CompareCurves::setLogarithmic(bool on) {
  if (on != m_how.is_logarithmic) {
    m_how.is_logarithmic = on;
    layOut();
  }
}

void CompareCurves::setSmoothing(int level) {
  if (level != m_how.smoothing) {
    m_how.smoothing = level;
    layOut();
  }
}

void CompareCurves::setRange(std::optional<Timeline::Range> range) {
  if (range != m_range) {
    m_range = range;
    layOut();
  }
}

void CompareCurves::setTheme(const Theme& theme) {
  m_theme = theme;
  layOut();
}

void CompareCurves::setCompact(bool compact) {
  m_is_compact = compact;
  layOut();
}

void CompareCurves::layOut() {
  m_is_dirty = true;
  m_how.font_px = basePixelSize(*this);
  m_how.header = std::round(m_how.font_px * (m_is_compact ? 13.5 : 14.5));
  const Timeline::Range all{0, m_curves.lastStep()};
  m_how.first = m_range.value_or(all).first;
  m_how.last = m_range.value_or(all).last;
  const QSizeF view = maximumViewportSize();
  m_layout = layoutCurves(QRectF(0, 0, view.width(), view.height()), m_curves, m_how);
  const int hidden = static_cast<int>(std::ceil(m_layout.height - view.height()));
  if (hidden > 0) {
    const double bar = verticalScrollBar()->sizeHint().width();
    m_layout = layoutCurves(QRectF(0, 0, view.width() - bar, view.height()), m_curves, m_how);
  }
  verticalScrollBar()->setRange(0, std::max(0, hidden));
  verticalScrollBar()->setPageStep(static_cast<int>(view.height()));
  verticalScrollBar()->setSingleStep(24);
  viewport()->update();
}

void CompareCurves::drawPicture() {
  QElapsedTimer cost;
  cost.start();
  const double ratio = devicePixelRatioF();
  const QSizeF size(viewport()->width(), std::max(m_layout.height, 1.0));
  m_picture = QPixmap((size * ratio).toSize());
  m_picture.setDevicePixelRatio(ratio);
  m_picture.fill(Qt::transparent);
  QPainter painter(&m_picture);
  paintCurves(painter, m_layout, m_curves, m_how, m_theme);
  m_is_dirty = false;
  m_rate.updated(m_clock.elapsed(), static_cast<double>(cost.nsecsElapsed()) / 1e6);
}

void CompareCurves::paintEvent(QPaintEvent*) {
  if (m_curves.isEmpty()) {
    return;
  }
  if (m_is_dirty) {
    drawPicture();
  }
  QPainter painter(viewport());
  painter.translate(0, -verticalScrollBar()->value());
  painter.drawPixmap(0, 0, m_picture);
  painter.setRenderHint(QPainter::Antialiasing);
  paintCurveHeader(painter, m_layout, m_curves, m_cursor, m_how, m_theme);
  paintCursor(painter);
}

void CompareCurves::paintCursor(QPainter& painter) const {
  const double x = std::round(xOfStep(m_cursor));
  if (x < m_layout.ruler.left() || x > m_layout.ruler.right() + 1) {
    return;
  }
  painter.setRenderHint(QPainter::Antialiasing, false);
  painter.fillRect(QRectF(x, m_layout.ruler.bottom(), 1, m_layout.height), m_theme.time_cursor);
  const double f = m_how.font_px;
  const QFont font = monoFont(f * 0.85);
  const QString text = formatInteger(m_cursor);
  QRectF tag(0, m_layout.ruler.top() + 1, textWidth(text, font) + f, m_layout.ruler.height() - 2);
  tag.moveCenter(QPointF(x, tag.center().y()));
  tag.moveLeft(std::clamp(tag.left(), m_layout.ruler.left() - f,
                          std::max(m_layout.ruler.left(), viewport()->width() - tag.width())));
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(m_theme.time_cursor);
  painter.drawRoundedRect(tag, 3, 3);
  paintText(painter, tag, Qt::AlignHCenter | Qt::AlignVCenter, text, font, m_theme.plot);
}

void CompareCurves::showEvent(QShowEvent* event) {
  QAbstractScrollArea::showEvent(event);
  layOut();
}

void CompareCurves::resizeEvent(QResizeEvent*) {
  layOut();
}

void CompareCurves::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange) {
    layOut();
  }
  QAbstractScrollArea::changeEvent(event);
}

bool CompareCurves::viewportEvent(QEvent* event) {
  if (event->type() != QEvent::ToolTip) {
    return QAbstractScrollArea::viewportEvent(event);
  }
  const auto texts =
      m_curves.isEmpty() ? std::vector<PlacedText>() : curveHeaderTexts(m_layout, m_curves, m_how);
  tellTextUnder(*static_cast<QHelpEvent*>(event), texts, *viewport(),
                QPointF(0, verticalScrollBar()->value()));
  return true;
}

void CompareCurves::moveTo(double x) {
  if (!m_curves.isEmpty()) {
    const double step = m_layout.stepAt(x + 0.5, m_how);
    emit cursorMoved(static_cast<std::int64_t>(std::clamp(step, m_how.first, m_how.last)));
  }
}

/// On the axis, logarithmic or not.
void CompareCurves::showAxisRange(double first, double last) {
  const TimeScale scale{m_how.is_logarithmic};
  const double end = scale.toAxis(m_curves.lastStep());
  const Timeline::Range wanted{scale.toStep(std::max(0.0, first)),
                               scale.toStep(std::min(end, last))};
  if (wanted.last - wanted.first < 4) {
    return;  // nothing is to be seen between two steps
  }
  const bool is_all = first <= 0 && last >= end;
  setRange(is_all ? std::nullopt : std::optional(wanted));
  emit rangeChanged();
}

void CompareCurves::wheelEvent(QWheelEvent* event) {
  const QPoint delta = event->angleDelta();
  const bool is_on_header = event->position().x() < m_layout.ruler.left();
  if (m_curves.isEmpty() || delta.isNull() || is_on_header) {
    QAbstractScrollArea::wheelEvent(event);
    return;
  }
  const TimeScale scale{m_how.is_logarithmic};
  const double first = scale.toAxis(m_how.first);
  const double last = scale.toAxis(m_how.last);
  const bool is_sideways =
      std::abs(delta.x()) > std::abs(delta.y()) || (event->modifiers() & Qt::ShiftModifier) != 0;
  if (is_sideways) {
    const double way = (delta.x() != 0 ? delta.x() : delta.y()) * 0.5 / m_layout.ruler.width();
    const double end = scale.toAxis(m_curves.lastStep());
    const double start =
        std::clamp(first - way * (last - first), 0.0, std::max(0.0, end - (last - first)));
    showAxisRange(start, start + (last - first));
  } else {
    const double pivot = scale.toAxis(m_layout.stepAt(event->position().x(), m_how));
    const double factor = std::pow(1.25, delta.y() / 120.0);
    showAxisRange(pivot - (pivot - first) / factor, pivot + (last - pivot) / factor);
  }
  event->accept();
}

void CompareCurves::mouseDoubleClickEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton && m_range) {
    setRange(std::nullopt);
    emit rangeChanged();
  }
}

void CompareCurves::mousePressEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton && event->position().x() >= m_layout.ruler.left()) {
    moveTo(event->position().x());
  }
}

void CompareCurves::mouseMoveEvent(QMouseEvent* event) {
  if ((event->buttons() & Qt::LeftButton) != 0) {
    moveTo(event->position().x());
  }
}

}  // namespace anchorlens::widgets
