// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/pattern_card.h"
#include "widgets/fonts.h"
#include "widgets/head_map.h"
#include "widgets/text_paint.h"

#include <QPainter>

#include <cmath>

namespace anchorlens::widgets {

namespace {

constexpr double kCaption = 12.0 / 13.0;
constexpr double kSampleEms = 1.2;

struct Entry {
  TokenRole role;
  QString text;
};

std::vector<Entry> entries() {
  return {{TokenRole::Anchor, TokenLegend::tr("anchor")},
          {TokenRole::Key, TokenLegend::tr("key")},
          {TokenRole::Noise, TokenLegend::tr("noise")},
          {TokenRole::Answer, TokenLegend::tr("answer")}};
}

QString typedHint() {
  return TokenLegend::tr("lower case: keys   UPPER: anchors   123: fixed token   *: noise");
}

}  // namespace

TokenLegend::TokenLegend(QWidget* parent) : QWidget(parent) {
  setAccessibleName(tr("Boxes are anchors, blue pills keys, grey noise, green pills the answer"));
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void TokenLegend::setTheme(const Theme& theme) {
  m_theme = theme;
  update();
}

QSize TokenLegend::sizeHint() const {
  const double px = basePixelSize(*this);
  return {static_cast<int>(px * 40), static_cast<int>(std::ceil(px * 1.7))};
}

QSize TokenLegend::minimumSizeHint() const {
  return {static_cast<int>(basePixelSize(*this) * 20), sizeHint().height()};
}

void TokenLegend::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const double px = basePixelSize(*this);
  const QFont font = textFont(px * kCaption);
  double x = 1;
  for (const Entry& entry : entries()) {
    const TokenStyle style = m_theme.token(entry.role);
    const QRectF box(x, (height() - px * 0.75) / 2, px * kSampleEms, px * 0.75);
    const bool is_plain = style.shape == TokenStyle::Shape::Plain;
    const double radius = style.shape == TokenStyle::Shape::Pill ? box.height() / 2 : 2.5;
    painter.setPen(QPen(is_plain ? m_theme.border : style.text, 1.2));
    painter.setBrush(is_plain ? m_theme.raised : style.fill);
    painter.drawRoundedRect(box, radius, radius);
    const double width = textWidth(entry.text, font);
    paintText(painter, QRectF(box.right() + 6, 0, width + 2, height()),
              Qt::AlignLeft | Qt::AlignVCenter, entry.text, font, m_theme.text_second);
    x = box.right() + 6 + width + 16;
  }
  const QString hint = typedHint();
  const double width = textWidth(hint, font);
  if (x + width <= this->width()) {
    paintText(painter, QRectF(this->width() - width - 1, 0, width + 1, height()),
              Qt::AlignLeft | Qt::AlignVCenter, hint, font, m_theme.text_muted);
  }
}

}  // namespace anchorlens::widgets
