// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/model_block_button.h"

#include "widgets/fonts.h"
#include "widgets/model_drawing.h"
#include "widgets/text_paint.h"
#include "widgets/theme.h"

#include <QKeyEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

constexpr double kTextScale = 12.0 / 13.0;
constexpr double kNoteScale = 11.0 / 13.0;
constexpr double kLeastFont = 10;

}  // namespace

void paintSum(QPainter& painter, const QPointF& at, double radius, const Theme& theme,
              const QColor& colour) {
  painter.setPen(QPen(colour, 1.4));
  painter.setBrush(theme.panel);
  painter.drawEllipse(at, radius, radius);
  painter.drawLine(at - QPointF(radius * 0.55, 0), at + QPointF(radius * 0.55, 0));
  painter.drawLine(at - QPointF(0, radius * 0.55), at + QPointF(0, radius * 0.55));
}

ModelBlockButton::ModelBlockButton(ModelDrawing* drawing)
    : QAbstractButton(drawing), m_drawing(*drawing) {
  setCursor(Qt::PointingHandCursor);
  setAttribute(Qt::WA_Hover);
  connect(this, &QAbstractButton::clicked, drawing,
          [this] { emit m_drawing.blockActivated(m_block.pointer); });
}

void ModelBlockButton::setBlock(const ModelBlock& block) {
  m_block = block;
  setGeometry(block.box.toAlignedRect());
  setAccessibleName(block.name);
  setAccessibleDescription(ModelDrawing::tr("Goes to its setting"));
  setToolTip(block.name);
  update();
}

void ModelBlockButton::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Right:
      m_drawing.moveFocus(this, 1);
      break;
    case Qt::Key_Down:
    case Qt::Key_Left:
      m_drawing.moveFocus(this, -1);
      break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      click();
      break;
    default:
      QAbstractButton::keyPressEvent(event);
  }
}

void ModelBlockButton::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const double unit = basePixelSize(*this) / 13;
  const QRectF box = QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75);
  const bool is_lit = underMouse() || hasFocus();
  const Theme& theme = m_drawing.m_theme;
  if (m_block.kind == ModelBlock::Kind::Join) {
    paintSum(painter, box.center(), 6 * unit, theme, is_lit ? theme.accent : theme.text_second);
  } else if (m_block.kind == ModelBlock::Kind::Heads) {
    paintHeads(painter, box, unit);
  } else {
    paintBox(painter, box, unit, is_lit);
  }
  if (hasFocus()) {
    painter.setPen(QPen(theme.accent, 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(box, 4 * unit, 4 * unit);
  }
}

bool ModelBlockButton::isBare() const {
  return m_block.kind == ModelBlock::Kind::Label || m_block.kind == ModelBlock::Kind::Chip;
}
double ModelBlockButton::fontSize(double scale) const {
  return std::max(kLeastFont, basePixelSize(*this) * scale);
}

void ModelBlockButton::paintBox(QPainter& painter, const QRectF& box, double unit, bool is_lit) {
  const Theme& theme = m_drawing.m_theme;
  if (!isBare()) {
    QPen pen(is_lit ? theme.accent : theme.text_muted, theme.borderWidth());
    if (m_block.is_off)
      pen.setStyle(Qt::DashLine);
    painter.setPen(pen);
    painter.setBrush(m_block.is_off ? QBrush(Qt::NoBrush)
                                    : QBrush(is_lit ? theme.selection : theme.raised));
    painter.drawRoundedRect(box, 5 * unit, 5 * unit);
  } else if (is_lit) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.selection);
    painter.drawRoundedRect(box, 4 * unit, 4 * unit);
  }
  paintTexts(painter, box, unit);
  if (m_block.is_looped)
    paintLoop(painter, box, unit);
}

void ModelBlockButton::paintTexts(QPainter& painter, const QRectF& box, double unit) {
  const Theme& theme = m_drawing.m_theme;
  const bool is_note = m_block.kind == ModelBlock::Kind::Chip || m_block.is_off;
  const bool is_small = is_note || m_block.kind == ModelBlock::Kind::Norm;
  const QFont font = textFont(fontSize(is_small ? kNoteScale : kTextScale),
                              isBare() || is_small ? Weight::Regular : Weight::SemiBold);
  const QColor colour = is_note                                   ? theme.text_muted
                        : m_block.kind == ModelBlock::Kind::Label ? theme.text_second
                                                                  : theme.text;
  if (m_block.kind == ModelBlock::Kind::Norm) {
    paintText(painter, box, Qt::AlignCenter, m_block.text, font, colour);
    return;
  }
  const QFont note_font = monoFont(fontSize(kNoteScale));
  const double inset = (isBare() ? 2 : 8) * unit;
  const QRectF inner = box.adjusted(inset, 0, -inset, 0);
  // Higher boxes carry their text in the upper line, beside a chip, and the note under it.
  const bool is_high = box.height() > 36 * unit;
  QRectF upper = inner;
  QRectF lower = inner;
  if (is_high) {
    upper.setBottom(box.top() + 22 * unit);
    lower.setTop(box.top() + 20 * unit);
  }
  const auto right = m_block.kind == ModelBlock::Kind::Chip ? Qt::AlignRight : Qt::AlignLeft;
  const double note_width = m_block.note.isEmpty() ? 0 : textWidth(m_block.note, note_font);
  const double room = is_high ? inner.width() : inner.width() - note_width - 6 * unit;
  paintText(painter, upper, right | Qt::AlignVCenter, elided(m_block.text, font, room), font,
            colour);
  const double loop = m_block.is_looped ? 20 * unit : 0;
  paintText(painter, lower.adjusted(0, 0, -loop, 0),
            (is_high ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter, m_block.note, note_font,
            theme.text_second);
}

void ModelBlockButton::paintHeads(QPainter& painter, const QRectF& box, double unit) {
  const Theme& theme = m_drawing.m_theme;
  const QFont font = monoFont(fontSize(kNoteScale));
  const double text = textWidth(m_block.note, font);
  const double side = 11 * unit;
  const double step = side + 3 * unit;
  const double room = box.width() - text - 10 * unit;
  const int fitting = std::max(1, static_cast<int>(std::floor((room + 3 * unit) / step)));
  const bool is_cut = m_block.count > fitting;
  const int shown = is_cut ? std::max(1, fitting - 1) : m_block.count;
  painter.setPen(QPen(underMouse() ? theme.accent : theme.text_second, 1));
  painter.setBrush(theme.selection);
  double x = box.left() + 2 * unit;
  for (int i = 0; i < shown; ++i, x += step)
    painter.drawRoundedRect(QRectF(x, box.center().y() - side / 2, side, side), 2, 2);
  if (is_cut)
    paintText(painter, {x, box.top(), step, box.height()}, Qt::AlignLeft | Qt::AlignVCenter,
              QStringLiteral("…"), font, theme.text_second);
  paintText(painter, box.adjusted(0, 0, -2 * unit, 0), Qt::AlignRight | Qt::AlignVCenter,
            m_block.note, font, theme.text_second);
}

/// From the right side back in: what goes from position to position.
void ModelBlockButton::paintLoop(QPainter& painter, const QRectF& box, double unit) {
  const Theme& theme = m_drawing.m_theme;
  const QPointF centre(box.right() - 14 * unit, box.center().y());
  const double r = 6 * unit;
  painter.setPen(QPen(theme.text_second, 1.4));
  painter.setBrush(Qt::NoBrush);
  constexpr int kSixteenth = 16;
  painter.drawArc(QRectF(centre.x() - r, centre.y() - r, 2 * r, 2 * r), 40 * kSixteenth,
                  280 * kSixteenth);
  const QPointF tip = centre + QPointF(r * 0.77, r * 0.64);
  painter.setBrush(theme.text_second);
  painter.setPen(Qt::NoPen);
  painter.drawPolygon(QPolygonF{tip + QPointF(2.5 * unit, -3.5 * unit),
                                tip + QPointF(-4 * unit, -1 * unit),
                                tip + QPointF(2 * unit, 3 * unit)});
}

}  // namespace anchorlens::widgets
