// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/token_chip.h"

#include "widgets/fonts.h"
#include "widgets/head_map.h"
#include "widgets/text_paint.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

TokenChip::TokenChip(int token, QWidget* parent)
    : TokenChip(QString::number(token), TokenRole::Anchor, parent) {}

TokenChip::TokenChip(const QString& text, TokenRole role, QWidget* parent)
    : QWidget(parent), m_text(text), m_role(role) {
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void TokenChip::setTheme(const Theme& theme) {
  m_theme = theme;
  update();
}

QSize TokenChip::sizeHint() const {
  const double px = basePixelSize(*this) * 12 / 13;
  const double width = std::max(textWidth(m_text, monoFont(px)) + px * 1.1, px * 2.4);
  return {static_cast<int>(std::ceil(width)), static_cast<int>(std::ceil(px * 2))};
}

void TokenChip::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const double base = basePixelSize(*this);
  paintToken(painter, rect(), {m_text, m_role}, base * 12 / 13, m_theme, base / 13);
}

}  // namespace anchorlens::widgets
