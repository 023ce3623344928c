// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/fonts.h"
#include "widgets/head_lines.h"
#include "widgets/head_view.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"
#include "widgets/tip_box.h"

#include <QPaintEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

void HeadView::paintEvent(QPaintEvent*) {
  QPainter painter(viewport());
  if (m_data.isEmpty()) {
    paintEmpty(painter);
    return;
  }
  painter.translate(-scrolled());
  paintTitle(painter);
  if (mode() == Mode::Lines) {
    const Cell cell = m_data.contains(m_cell) ? m_cell : m_linked;
    paintHeadLines(painter, m_layout, m_data, m_layer_maps, cell, effectiveOptions(), m_theme);
  } else {
    const HeadMapOptions options = effectiveOptions();
    paintHeadMap(painter, m_layout, m_data, options, m_theme, scaleFor(m_reading, m_data, options));
    paintGuides(painter);
  }
  if (hasFocus()) {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.accent, m_theme.borderWidth()));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(m_layout.map.adjusted(-2.5, -2.5, 2.5, 2.5), 3, 3);
  }
  if (m_data.contains(m_cell)) {
    paintTip(painter);
  }
}

void HeadView::paintEmpty(QPainter& painter) const {
  painter.setFont(textFont(basePixelSize(*this)));
  painter.setPen(m_theme.text_second);
  painter.drawText(viewport()->rect().adjusted(24, 24, -24, -24),
                   Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, m_empty_text);
}

QString HeadView::titleRest() const {
  QString rest = isAttention(m_reading.values)
                     ? QString()
                     : headValuesName(m_reading.values) + QStringLiteral(", ");
  rest += QStringLiteral("step ") + formatInteger(m_data.step);
  if (m_data.is_mean) {
    rest += QStringLiteral(", mean of ") + formatInteger(m_data.probe_size);
  }
  if (!m_note.isEmpty()) {
    rest += QStringLiteral(", ") + m_note;
  }
  return rest;
}

void HeadView::paintTitle(QPainter& painter) const {
  const double f = basePixelSize(*this);
  const QFont bold = textFont(f, Weight::SemiBold);
  const QFont plain = textFont(f - 1);
  const QString name = elided(readingTitle(m_data, m_reading), bold, viewport()->width());
  const QString rest = titleRest();
  const double width = textWidth(name, bold);
  const double all = width + f + textWidth(rest, plain);
  // Over the map's left edge, or further left when the text would not fit.
  const double left =
      std::max(0.0, std::min(m_layout.map.left(), viewport()->width() - all - f * 0.5));
  const QRectF box(left, 0, viewport()->width() - left, titleHeight() - f * 0.35);
  paintText(painter, box, Qt::AlignLeft | Qt::AlignVCenter, name, bold, m_theme.text);
  paintText(painter, box.adjusted(width + f, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
            elided(rest, plain, box.width() - width - f), plain, m_theme.text_second);
}

void HeadView::paintGuides(QPainter& painter) const {
  const bool is_hovered = m_data.contains(m_cell);
  const Cell cell = is_hovered ? m_cell : m_linked;
  if (!m_data.contains(cell)) {
    return;
  }
  const QRectF box = m_layout.cellRect(cell);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing, false);
  painter.setBrush(Qt::NoBrush);
  if (is_hovered) {
    // White dots over a dark line: seen on every colour of the map.
    const QLineF across(QPointF(m_layout.map.left(), box.center().y()),
                        QPointF(box.left(), box.center().y()));
    const QLineF down(QPointF(box.center().x(), box.bottom()),
                      QPointF(box.center().x(), m_layout.map.bottom()));
    for (const QLineF& line : {across, down}) {
      painter.setPen(QPen(QColor(0, 0, 0, 150), 1));
      painter.drawLine(line);
      painter.setPen(QPen(Qt::white, 1, Qt::DotLine));
      painter.drawLine(line);
    }
  }
  painter.setPen(QPen(Qt::black, 3, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
  painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5));
  painter.setPen(QPen(Qt::white, 1, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
  painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5));
  painter.restore();
}

void HeadView::paintTip(QPainter& painter) const {
  const QRectF visible(scrolled(), QSizeF(viewport()->size()));
  const QRectF cell = mode() == Mode::Map ? m_layout.cellRect(m_cell) : lineRect(m_layout, m_cell);
  paintTipBox(painter, visible, cell, cellTip(m_data, m_reading, m_cell), basePixelSize(*this),
              m_theme);
}

}  // namespace anchorlens::widgets
