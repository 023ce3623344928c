// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/callout.h"

#include <QApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPainterPath>
#include <QVBoxLayout>

#include <algorithm>

namespace anchorlens::app {

namespace {
constexpr int kTip = 9;
constexpr int kWidth = 300;
constexpr int kAir = 8;  ///< to the window's borders
}  // namespace

Callout::Callout(const QString& text, const widgets::Theme& theme, QWidget* window, Stay stay)
    : QWidget(window), m_theme(theme) {
  setAttribute(Qt::WA_DeleteOnClose);
  setObjectName(QStringLiteral("callout"));
  m_label = new QLabel(this);
  m_label->setWordWrap(true);
  m_row = new QHBoxLayout;
  m_row->setSpacing(8);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(12, 9 + kTip, 12, 9 + kTip);
  layout->addWidget(m_label);
  layout->addLayout(m_row);
  setFixedWidth(kWidth);
  setText(text);
  if (stay == Stay::UntilInput)
    qApp->installEventFilter(this);
}

void Callout::setText(const QString& text) {
  m_label->setText(text);
  setAccessibleName(text);
}

int Callout::neededHeight() const {
  return heightForWidth(kWidth) > 0 ? heightForWidth(kWidth) : sizeHint().height();
}

void Callout::place(const QPoint& tip, bool is_below) {
  m_is_below = is_below;
  // Only the side of the tip needs room for it.
  layout()->setContentsMargins(12, 9 + (is_below ? kTip : 0), 12, 9 + (is_below ? 0 : kTip));
  const int height = neededHeight();
  const int left = std::clamp(tip.x() - kWidth / 2, kAir,
                              std::max(kAir, parentWidget()->width() - kWidth - kAir));
  m_tip_x = std::clamp(tip.x() - left, 2 * kTip, kWidth - 2 * kTip);
  setGeometry(left, is_below ? tip.y() : std::max(kAir, tip.y() - height), kWidth, height);
  show();
  raise();
  update();
}

void Callout::pointAt(const QPoint& target) {
  place(target, false);
}

void Callout::pointAt(const QRect& target) {
  const bool has_room = target.top() - neededHeight() >= kAir;
  place({target.center().x(), has_room ? target.top() : target.bottom() + 1}, !has_room);
}

void Callout::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  QPainterPath path;
  const int above = m_is_below ? kTip : 0;
  const int below = m_is_below ? 0 : kTip;
  path.addRoundedRect(QRectF(rect()).adjusted(0.5, above + 0.5, -0.5, -below - 0.5), 6, 6);
  QPainterPath tip;
  const double base = m_is_below ? kTip + 1.0 : height() - kTip - 1.0;
  const double point = m_is_below ? 1.0 : height() - 1.0;
  tip.addPolygon(QPolygonF{
      {m_tip_x - double(kTip), base}, {m_tip_x + double(kTip), base}, {double(m_tip_x), point}});
  painter.setPen(QPen(m_theme.accent, 1));
  painter.setBrush(m_theme.tooltip);
  painter.drawPath(path.united(tip));
}

bool Callout::eventFilter(QObject* object, QEvent* event) {
  if (event->type() == QEvent::MouseButtonPress || event->type() == QEvent::KeyPress) {
    qApp->removeEventFilter(this);
    close();
    emit closed();
  }
  return QWidget::eventFilter(object, event);
}

}  // namespace anchorlens::app
