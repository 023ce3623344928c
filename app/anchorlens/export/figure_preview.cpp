// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/figure_preview.h"

#include <QPainter>

#include <algorithm>
#include <utility>

namespace anchorlens::app {

namespace {
constexpr double kPointsPerInch = 72;
constexpr double kMargin = 14;
}  // namespace

FigurePreview::FigurePreview(QWidget* parent) : QWidget(parent) {
  setMinimumSize(320, 200);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  setAccessibleName(tr("Preview"));
}

void FigurePreview::setFigure(std::shared_ptr<const widgets::Figure> figure) {
  m_figure = std::move(figure);
  m_text.clear();
  update();
}

void FigurePreview::setText(const QString& text) {
  m_figure.reset();
  m_text = text;
  update();
}

void FigurePreview::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.fillRect(rect(), palette().color(QPalette::Window));
  if (!m_figure) {
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(QRectF(rect()).adjusted(kMargin, kMargin, -kMargin, -kMargin),
                     Qt::AlignCenter | Qt::TextWordWrap, m_text);
    return;
  }
  const QSizeF points = widgets::figureSize(*m_figure) * kPointsPerInch;
  const double scale =
      std::min({logicalDpiX() / kPointsPerInch, (width() - 2 * kMargin) / points.width(),
                (height() - 2 * kMargin) / points.height()});
  painter.translate((width() - points.width() * scale) / 2,
                    (height() - points.height() * scale) / 2);
  painter.scale(scale, scale);
  painter.setClipRect(QRectF(QPointF(0, 0), points));
  widgets::paintFigure(painter, *m_figure);
}

}  // namespace anchorlens::app
