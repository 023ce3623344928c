// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text_paint.h"

#include "widgets/glyph_outlines.h"

#include <QColor>
#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace anchorlens::widgets {

double textWidth(const QString& text, const QFont& font) {
  return QFontMetricsF(font).horizontalAdvance(text);
}

QString elided(const QString& text, const QFont& font, double width) {
  return QFontMetricsF(font).elidedText(text, Qt::ElideRight, width);
}

void paintText(QPainter& painter, const QRectF& box, Qt::Alignment alignment, const QString& text,
               const QFont& font, const QColor& colour, bool as_paths) {
  if (text.isEmpty()) {
    return;
  }
  const QFontMetricsF metrics(font);
  const double width = metrics.horizontalAdvance(text);
  double x = box.left();
  if (alignment & Qt::AlignHCenter) {
    x = box.center().x() - width / 2;
  } else if (alignment & Qt::AlignRight) {
    x = box.right() - width;
  }
  double y = box.center().y() + metrics.capHeight() / 2;
  if (alignment & Qt::AlignTop) {
    y = box.top() + metrics.ascent();
  } else if (alignment & Qt::AlignBottom) {
    y = box.bottom() - metrics.descent();
  }
  if (as_paths) {
    QPainterPath path;
    addOutlines(path, QPointF(x, y), font, text);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillPath(path, colour);
    painter.restore();
    return;
  }
  painter.setFont(font);
  painter.setPen(colour);
  painter.drawText(QPointF(x, y), text);
}

void paintTextUpwards(QPainter& painter, const QRectF& box, Qt::Alignment alignment,
                      const QString& text, const QFont& font, const QColor& colour, bool as_paths) {
  painter.save();
  painter.translate(box.center());
  painter.rotate(-90);
  const QRectF turned(-box.height() / 2, -box.width() / 2, box.height(), box.width());
  paintText(painter, turned, alignment, text, font, colour, as_paths);
  painter.restore();
}

QColor mixed(const QColor& a, const QColor& b, double share) {
  const auto channel = [share](int x, int y) {
    return static_cast<int>(std::lround(x + (y - x) * share));
  };
  return {channel(a.red(), b.red()), channel(a.green(), b.green()), channel(a.blue(), b.blue())};
}

}  // namespace anchorlens::widgets
