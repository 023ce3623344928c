// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tip_box.h"

#include "widgets/fonts.h"
#include "widgets/text_paint.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

void paintTipBox(QPainter& painter, const QRectF& visible, const QRectF& cell, const CellTip& tip,
                 double f, const Theme& theme) {
  const QFont bold = textFont(f, Weight::SemiBold);
  const QFont plain = textFont(f);
  double width = textWidth(tip.title, bold);
  for (const QString& line : tip.lines) {
    width = std::max(width, textWidth(line, plain));
  }
  const double line_height = std::round(f * 1.45);
  const double padding = std::round(f * 0.85);
  QRectF box(0, 0, width + 2 * padding,
             line_height * static_cast<double>(tip.lines.size() + 1) + 1.4 * padding);
  // To the right and above, so that neither the row nor the tokens below are covered.
  box.moveBottomLeft(cell.topRight() + QPointF(f * 0.9, -f * 0.4));
  if (box.right() > visible.right()) {
    box.moveRight(cell.left() - f * 0.9);
  }
  if (box.top() < visible.top()) {
    box.moveTop(cell.bottom() + f * 0.4);
  }
  if (box.left() < visible.left()) {  // neither side has room: above or below
    box.moveLeft(std::clamp(cell.center().x() - box.width() / 2, visible.left(),
                            std::max(visible.left(), visible.right() - box.width())));
    box.moveBottom(cell.top() - f * 0.7);
    if (box.top() < visible.top()) {
      box.moveTop(cell.bottom() + f * 0.7);
    }
  }
  if (box.bottom() > visible.bottom()) {
    box.moveBottom(visible.bottom() - 1);
  }
  if (box.top() < visible.top()) {
    box.moveTop(visible.top() + 1);
  }
  box = QRectF(box.toAlignedRect());
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(theme.border, theme.borderWidth()));
  painter.setBrush(theme.tooltip);
  painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
  QRectF line(box.left() + padding, box.top() + 0.7 * padding, width, line_height);
  paintText(painter, line, Qt::AlignLeft | Qt::AlignVCenter, tip.title, bold, theme.text);
  for (const QString& text : tip.lines) {
    line.translate(0, line_height);
    paintText(painter, line, Qt::AlignLeft | Qt::AlignVCenter, text, plain, theme.text_second);
  }
}

}  // namespace anchorlens::widgets
