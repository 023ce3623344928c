// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/fonts.h"
#include "widgets/head_grid.h"
#include "widgets/text_paint.h"

#include <QPaintEvent>
#include <QPainter>

namespace anchorlens::widgets {

void HeadGrid::paintEvent(QPaintEvent* event) {
  QPainter painter(viewport());
  for (int layer = 0; layer < m_n_layers; ++layer) {
    for (int head = 0; head < m_n_heads; ++head) {
      if (tileRect(layer, head).intersects(event->rect())) {
        paintTile(painter, layer, head);
      }
    }
  }
}

void HeadGrid::paintTile(QPainter& painter, int layer, int head) {
  const HeadTile& tile = m_tiles[static_cast<std::size_t>(layer * m_n_heads + head)];
  const QRect frame = tileRect(layer, head);
  const bool is_selected = layer == m_layer && head == m_head;
  if (is_selected) {
    painter.setRenderHint(QPainter::Antialiasing);
    const double width = (hasFocus() ? 2.0 : 1.2) * m_theme.borderWidth();
    painter.setPen(QPen(m_theme.accent, width));
    painter.setBrush(m_theme.accent_tint);
    const double half = width / 2;
    painter.drawRoundedRect(QRectF(frame).adjusted(half, half, -half, -half), 6, 6);
  }
  const bool is_small = m_measures.tile < 112;
  const QRectF title(frame.left() + m_measures.padding, frame.top() + m_measures.padding_y - 1,
                     m_measures.tile, m_measures.title);
  const QFont font = textFont(m_measures.font_px, is_selected ? Weight::SemiBold : Weight::Regular);
  paintText(painter, title, Qt::AlignLeft | Qt::AlignVCenter, headName(layer, head, !is_small),
            font, is_selected ? m_theme.text : m_theme.text_second);
  const QRectF cells = cellsRect(layer, head);
  paintHeadCells(painter, cells, tile.map, m_options, m_theme,
                 scaleFor(tile.reading, tile.map, m_options));
  paintLinkedCell(painter, cells, tile.map);
  const double badge_px = m_measures.font_px - 1;
  const FittedBadge fitted = m_measures.tile < 72
                                 ? FittedBadge{tile.badge, BadgeForm::Icon}
                                 : fitBadge(tile.badge, badge_px, m_measures.width() - 2);
  const QSizeF size = badgeSize(fitted.badge, badge_px, fitted.form);
  double x = cells.left();
  if (x + size.width() > frame.right()) {
    x = frame.left() + (frame.width() - size.width()) / 2;
  }
  paintBadge(painter, QPointF(x, cells.bottom() + (is_small ? 3 : 6)), fitted.badge, badge_px,
             m_theme, fitted.form);
}

void HeadGrid::paintLinkedCell(QPainter& painter, const QRectF& map,
                               const HeadMapData& tile_map) const {
  if (!tile_map.contains(m_linked)) {
    return;
  }
  const double cell = map.width() / tile_map.length;
  const QRectF box(map.left() + m_linked.source * cell, map.top() + m_linked.reader * cell, cell,
                   cell);
  painter.setRenderHint(QPainter::Antialiasing, false);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(Qt::black, 1));
  painter.drawRect(box.adjusted(-1, -1, 0, 0));
  painter.setPen(QPen(Qt::white, 1));
  painter.drawRect(box.adjusted(0, 0, -1, -1));
}

}  // namespace anchorlens::widgets
