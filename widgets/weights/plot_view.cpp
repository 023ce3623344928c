// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/weights/plot_view.h"

#include "widgets/accessible_views.h"
#include "widgets/arrow_keys.h"
#include "widgets/fonts.h"
#include "widgets/placed_text.h"
#include "widgets/text_paint.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace anchorlens::widgets {

namespace {

/// A plot smaller than this has no axes.
constexpr int kAxesFromWidth = 200;
constexpr int kAxesFromHeight = 140;

bool isEnter(int key) {
  return key == Qt::Key_Return || key == Qt::Key_Enter;
}

}  // namespace

PlotView::PlotView(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  const auto matrix = [this] { return m_plot ? m_plot->matrix() : nullptr; };
  describeAsTable(*this, {[matrix] { return matrix() != nullptr ? matrix()->rows : 0; },
                          [matrix] { return matrix() != nullptr ? matrix()->cols : 0; },
                          [this](int row, int column) {
                            return plotDescription(*m_plot, {row, column});
                          },
                          [this](int row, int column) {
                            return itemRect(m_layout, *m_plot, {row, column}).toAlignedRect();
                          },
                          [this, matrix] {
                            return matrix() != nullptr && m_item.isValid()
                                       ? std::optional(std::pair(m_item.first, m_item.second))
                                       : std::nullopt;
                          }});
}

void PlotView::setPlot(PlotPtr plot) {
  m_plot = std::move(plot);
  setAccessibleName(m_plot ? m_plot->title : QString());
  if (!m_plot || !contains(*m_plot, m_item))
    m_item = {};
  layOut();
  describe();
  emit itemChanged();
}

void PlotView::setTheme(const Theme& theme) {
  m_theme = theme;
  redraw();
}

void PlotView::setLarge(bool large) {
  m_is_large = large;
  layOut();
  describe();
}

void PlotView::setItem(PlotItem item) {
  if (m_plot && !contains(*m_plot, item))
    item = {};
  if (item == m_item)
    return;
  m_item = item;
  describe();
  update();
  emit itemChanged();
}

void PlotView::setLinked(PlotItem item) {
  if (item == m_linked)
    return;
  m_linked = item;
  update();
}

void PlotView::describe() {
  QString text = m_plot ? plotDescription(*m_plot, m_item) : QString();
  if (!m_is_large)
    text += tr(" Enter shows it large.");
  setAccessibleDescription(text);
}

double PlotView::titleHeight() const {
  return std::round(basePixelSize(*this) * 1.75);
}

PlotStyle PlotView::style() const {
  PlotStyle style;
  style.font_px = basePixelSize(*this);
  style.axes = width() >= kAxesFromWidth && height() >= kAxesFromHeight;
  style.device_pixel_ratio = devicePixelRatioF();
  if (!m_is_large)
    style.font_px = std::max(10.0, style.font_px - 2);
  return style;
}

void PlotView::layOut() {
  if (m_plot)
    m_layout = layoutPlot(QRectF(2, titleHeight(), width() - 4, height() - titleHeight() - 3),
                          *m_plot, style());
  redraw();
}

void PlotView::redraw() {
  update();
  if (std::exchange(m_is_stale, true))
    return;
  QMetaObject::invokeMethod(
      this,
      [this] {
        if (m_is_stale && isVisible())
          draw();
      },
      Qt::QueuedConnection);
}

void PlotView::draw() {
  m_is_stale = false;
  m_picture = QPixmap((QSizeF(size()) * devicePixelRatioF()).toSize());
  m_picture.setDevicePixelRatio(devicePixelRatioF());
  m_picture.fill(Qt::transparent);
  if (!m_plot || m_picture.isNull())
    return;
  QPainter painter(&m_picture);
  paintTitle(painter);
  if (m_plot->isEmpty()) {
    painter.setFont(textFont(basePixelSize(*this)));
    painter.setPen(m_theme.text_second);
    painter.drawText(QRectF(6, titleHeight(), width() - 12, height() - titleHeight()),
                     Qt::AlignHCenter | Qt::AlignVCenter | Qt::TextWordWrap, m_plot->empty_text);
  } else {
    paintPlot(painter, m_layout, *m_plot, style(), m_theme);
  }
}

QRectF PlotView::titleBox() const {
  return {4, 0, width() - 8.0, titleHeight()};
}

void PlotView::paintTitle(QPainter& painter) const {
  const double f = basePixelSize(*this) - (m_is_large ? 0 : 1);
  const QFont bold = textFont(f, Weight::SemiBold);
  const QFont plain = textFont(f - 1);
  const QRectF box = titleBox().adjusted(0, 0, 0, -f * 0.2);
  const QString title = elided(m_plot->title, bold, box.width());
  const double used = textWidth(title, bold) + f * 0.8;
  paintText(painter, box, Qt::AlignLeft | Qt::AlignVCenter, title, bold, m_theme.text);
  const double room = std::max(0.0, box.width() - used);
  // Half a word beside a small plot says nothing; it is in the tooltip and when it is large.
  if (m_is_large || textWidth(m_plot->subtitle, plain) <= room)
    paintText(painter, box.adjusted(used, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
              elided(m_plot->subtitle, plain, room), plain, m_theme.text_second);
}

void PlotView::paintEvent(QPaintEvent*) {
  if (!m_plot)
    return;
  if (m_is_stale || m_picture.devicePixelRatio() != devicePixelRatioF())
    draw();
  QPainter painter(this);
  painter.drawPixmap(0, 0, m_picture);
  painter.setRenderHint(QPainter::Antialiasing);
  if (hasFocus()) {
    painter.setPen(QPen(m_theme.accent, m_theme.borderWidth()));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
  }
  const PlotItem marked = m_item.isValid() ? m_item : m_linked;
  if (!contains(*m_plot, marked))
    return;
  const QRectF box = itemRect(m_layout, *m_plot, marked);
  const QRectF ring = box.width() < 6 ? box.adjusted(-3, -3, 3, 3) : box;
  painter.setPen(QPen(Qt::black, 3));
  painter.drawRect(ring);
  painter.setPen(QPen(Qt::white, 1));
  painter.drawRect(ring);
}

QRectF PlotView::itemBox() const {
  return m_plot ? itemRect(m_layout, *m_plot, m_item) : QRectF();
}

void PlotView::resizeEvent(QResizeEvent*) {
  layOut();
}

void PlotView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange)
    layOut();
  QWidget::changeEvent(event);
}

void PlotView::mouseMoveEvent(QMouseEvent* event) {
  if (m_plot)
    setItem(itemAt(m_layout, *m_plot, event->position(), basePixelSize(*this) * 0.7));
}

void PlotView::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton && !m_is_large && rect().contains(event->pos()))
    emit enlarged();
}

bool PlotView::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool is_ours = isArrow(key->key()) || isEnter(key->key()) ||
                         (key->key() == Qt::Key_Escape && m_item.isValid());
    if (key->modifiers() == Qt::NoModifier && is_ours) {
      event->accept();
      return true;
    }
  }
  if (event->type() == QEvent::ToolTip && m_plot) {
    tellTextUnder(*static_cast<QHelpEvent*>(event),
                  {{titleBox(), titleText(m_plot->title, m_plot->subtitle)}}, *this);
    return true;
  }
  return QWidget::event(event);
}

void PlotView::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape && m_item.isValid()) {
    setItem({});
  } else if (isEnter(event->key()) && !m_is_large) {
    emit enlarged();
  } else if (isArrow(event->key()) && m_plot && !m_plot->isEmpty()) {
    setItem(movedItem(*m_plot, m_item, event->key()));
    tellCurrentCell(*this);
  } else {
    event->ignore();
  }
}

void PlotView::focusOutEvent(QFocusEvent* event) {
  setItem({});
  QWidget::focusOutEvent(event);
  update();
}

void PlotView::leaveEvent(QEvent*) {
  setItem({});
}

}  // namespace anchorlens::widgets
