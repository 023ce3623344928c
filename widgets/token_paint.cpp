// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/fonts.h"
#include "widgets/head_map.h"
#include "widgets/text_paint.h"

#include <QPainter>

#include <algorithm>

namespace anchorlens::widgets {

void paintToken(QPainter& painter, const QRectF& box, const TokenText& token, double font_px,
                const Theme& theme, double unit, bool text_as_paths) {
  const TokenStyle style = theme.token(token.role);
  const QFont font = monoFont(font_px, style.bold ? Weight::SemiBold : Weight::Regular);
  if (style.shape != TokenStyle::Shape::Plain) {
    const double height = std::min(box.height(), font_px * 1.65);
    const double wanted = std::max(textWidth(token.text, font) + font_px * 1.05, font_px * 2.3);
    const double width = std::min(box.width(), wanted);
    QRectF shape(0, 0, width, height);
    shape.moveCenter(box.center());
    const double half_line = unit * 0.55;
    shape.adjust(half_line, half_line, -half_line, -half_line);
    const double radius = style.shape == TokenStyle::Shape::Pill ? shape.height() / 2 : 2.5 * unit;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(style.text, 1.1 * unit * theme.borderWidth()));
    painter.setBrush(style.fill.isValid() ? QBrush(style.fill) : QBrush(Qt::NoBrush));
    painter.drawRoundedRect(shape, radius, radius);
    painter.restore();
  }
  paintText(painter, box, Qt::AlignHCenter | Qt::AlignVCenter, token.text, font, style.text,
            text_as_paths);
}

}  // namespace anchorlens::widgets
