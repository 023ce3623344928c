// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/icons.h"

#include "widgets/fonts.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

/// Draws an SVG file in one colour at whatever size is asked for.
class ColouredSvg : public QIconEngine {
 public:
  ColouredSvg(QByteArray svg, const QColor& colour, const QColor& disabled)
      : m_svg(std::move(svg)), m_colour(colour), m_disabled(disabled) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
    QByteArray svg = m_svg;
    svg.replace("#000", (mode == QIcon::Disabled ? m_disabled : m_colour).name().toLatin1());
    QSvgRenderer renderer(svg);
    // In a wider box the icon keeps its shape and stands left: the rest is a gap before the text.
    const double side = std::min(rect.width(), rect.height());
    renderer.render(painter, QRectF(rect.x(), rect.y() + (rect.height() - side) / 2, side, side));
  }
  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    QPixmap pixmap(size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    paint(&painter, QRect(QPoint(), size), mode, state);
    return pixmap;
  }
  QIconEngine* clone() const override { return new ColouredSvg(m_svg, m_colour, m_disabled); }

 private:
  QByteArray m_svg;
  QColor m_colour;
  QColor m_disabled;
};

}  // namespace

QIcon icon(const QString& name, const QColor& colour, const QColor& disabled) {
  loadFonts();  // also registers the resources
  QFile file(QStringLiteral(":/anchorlens/icons/%1.svg").arg(name));
  if (!file.open(QIODevice::ReadOnly)) {
    return {};
  }
  return QIcon(new ColouredSvg(file.readAll(), colour, disabled));
}

QIcon icon(const QString& name, const QColor& colour) {
  // Half way to grey: readable as disabled on both themes.
  return icon(
      name, colour,
      QColor((colour.red() + 128) / 2, (colour.green() + 128) / 2, (colour.blue() + 128) / 2));
}

}  // namespace anchorlens::widgets
