// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/callout.h"

#include <QApplication>
#include <QEvent>
#include <QLabel>
#include <QPainter>
#include <QPainterPath>
#include <QVBoxLayout>

#include <algorithm>

namespace anchorlens::app {

namespace {
constexpr int kTip = 9;
constexpr int kWidth = 300;
}  // namespace

Callout::Callout(const QString& text, const widgets::Theme& theme, QWidget* window)
    : QWidget(window), m_theme(theme) {
  setAttribute(Qt::WA_DeleteOnClose);
  setObjectName(QStringLiteral("callout"));
  setAccessibleName(text);
  m_label = new QLabel(text, this);
  m_label->setWordWrap(true);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(12, 9, 12, 9 + kTip);
  layout->addWidget(m_label);
  setFixedWidth(kWidth);
  qApp->installEventFilter(this);
}

void Callout::pointAt(const QPoint& target) {
  const int height = heightForWidth(kWidth) > 0 ? heightForWidth(kWidth) : sizeHint().height();
  const int left =
      std::clamp(target.x() - kWidth / 2, 8, std::max(8, parentWidget()->width() - kWidth - 8));
  m_tip_x = std::clamp(target.x() - left, 2 * kTip, kWidth - 2 * kTip);
  setGeometry(left, std::max(8, target.y() - height), kWidth, height);
  show();
  raise();
}

void Callout::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  QPainterPath path;
  path.addRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -kTip - 0.5), 6, 6);
  QPainterPath tip;
  const double y = height() - kTip - 1.0;
  tip.addPolygon(QPolygonF{
      {m_tip_x - double(kTip), y}, {m_tip_x + double(kTip), y}, {double(m_tip_x), height() - 1.0}});
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
