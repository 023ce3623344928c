// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/figure_field.h"

#include "widgets/fonts.h"
#include "widgets/number_format.h"
#include "widgets/plain_number.h"
#include "widgets/text_paint.h"

#include <QPainter>

namespace anchorlens::widgets {

FigureField makeField(const FigureCanvas& canvas, const QRectF& box, std::int64_t newest) {
  FigureField field;
  field.box = box;
  field.scale.is_logarithmic = canvas.style.log_steps;
  field.last = std::max<double>(1, static_cast<double>(newest));
  return field;
}

void paintFrame(const FigureCanvas& canvas, const FigureField& field,
                const std::vector<double>& value_ticks) {
  QPainter& painter = *canvas.painter;
  const double u = canvas.unit();
  const double f = canvas.font;
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setBrush(Qt::NoBrush);
  const QFont font = monoFont(f * 0.85);
  for (const double tick : value_ticks) {
    const double y = field.y(tick);
    painter.setPen(QPen(canvas.theme.rule, u));
    painter.drawLine(QPointF(field.box.left(), y), QPointF(field.box.right(), y));
    canvas.text(QRectF(field.box.left() - f * 4.4, y - f, f * 4, 2 * f),
                Qt::AlignRight | Qt::AlignVCenter, formatShort(tick, 4), font,
                canvas.theme.text_second);
  }
  for (const double tick : timeTicks(field.scale, field.first, field.last,
                                     static_cast<int>(field.box.width() / (f * 7)))) {
    painter.setPen(QPen(canvas.theme.rule, u));
    painter.drawLine(QPointF(field.x(tick), field.box.top()),
                     QPointF(field.x(tick), field.box.bottom()));
  }
  painter.setPen(QPen(canvas.theme.text_muted, u));
  painter.drawLine(field.box.topLeft(), field.box.bottomLeft());
  painter.drawLine(field.box.bottomLeft(), field.box.bottomRight());
}

double paintStepAxis(const FigureCanvas& canvas, const FigureField& field) {
  const double f = canvas.font;
  const QFont font = monoFont(f * 0.85);
  for (const double tick : timeTicks(field.scale, field.first, field.last,
                                     static_cast<int>(field.box.width() / (f * 7)))) {
    const QString text = formatInteger(static_cast<std::int64_t>(std::llround(tick)));
    QRectF box(0, field.box.bottom() + f * 0.25, textWidth(text, font), f * 1.3);
    box.moveCenter(QPointF(field.x(tick), box.center().y()));
    box.moveRight(std::min(box.right(), canvas.width));
    canvas.text(box, Qt::AlignHCenter | Qt::AlignVCenter, text, font, canvas.theme.text_second);
  }
  canvas.text(QRectF(field.box.left(), field.box.bottom() + f * 1.6, field.box.width(), f * 1.5),
              Qt::AlignHCenter | Qt::AlignVCenter, QStringLiteral("Training step"),
              textFont(f * 0.95), canvas.theme.text);
  return f * 3.2;
}

void paintValueName(const FigureCanvas& canvas, const FigureField& field, const QString& name) {
  paintTextUpwards(*canvas.painter,
                   QRectF(0, field.box.top(), canvas.font * 1.5, field.box.height()),
                   Qt::AlignHCenter | Qt::AlignVCenter, name, textFont(canvas.font * 0.95),
                   canvas.theme.text, canvas.text_as_paths);
}

}  // namespace anchorlens::widgets
