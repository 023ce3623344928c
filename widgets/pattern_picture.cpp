// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pattern_picture.h"

#include "engine/core/language/language.h"
#include "widgets/fonts.h"
#include "widgets/text_paint.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

constexpr double kTokenPx = 12;
constexpr double kGap = 3;
constexpr int kHintWidth = 300;

void append(const std::vector<core::Item>& items, std::vector<TokenText>& tokens) {
  using Kind = core::Item::Kind;
  for (const core::Item& item : items) {
    switch (item.kind) {
      case Kind::Gap:
        tokens.push_back({QStringLiteral("*"), TokenRole::Noise});
        break;
      case Kind::Noise:
        tokens.push_back({QStringLiteral("_"), TokenRole::Noise});
        break;
      case Kind::Token:
        tokens.push_back({QString::number(item.token), TokenRole::Anchor});
        break;
      case Kind::Key:
        tokens.push_back({QString::fromStdString(item.name), TokenRole::Key});
        break;
      case Kind::Anchor:
        tokens.push_back({QString::fromStdString(item.name), TokenRole::Anchor});
        break;
      case Kind::Blocks:
        for (std::size_t i = 0; i < item.blocks.size(); ++i) {
          tokens.push_back({i == 0 ? QStringLiteral("{") : QStringLiteral("|"), TokenRole::Noise});
          append(item.blocks[i], tokens);
        }
        tokens.push_back({QStringLiteral("}"), TokenRole::Noise});
        break;
    }
  }
}

double widthOf(const TokenText& token) {
  const bool is_plain = token.role == TokenRole::Noise;
  const double text =
      textWidth(token.text, monoFont(kTokenPx, is_plain ? Weight::Regular : Weight::SemiBold));
  return is_plain ? text + 6 : std::max(text + kTokenPx * 1.1, kTokenPx * 2.3);
}

}  // namespace

std::vector<TokenText> patternTokens(const QString& pattern) {
  const auto parsed = core::parsePattern(pattern.toStdString());
  if (!parsed)
    return {{pattern, TokenRole::Noise}};
  std::vector<TokenText> tokens;
  append(parsed->items, tokens);
  tokens.push_back({QString(QChar(0x2192)), TokenRole::Noise});
  tokens.push_back(
      {QString::fromStdString(core::printExpression(parsed->target)), TokenRole::Answer});
  return tokens;
}

PatternPicture::PatternPicture(QWidget* parent) : QWidget(parent) {
  QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
}

void PatternPicture::setPatterns(const QStringList& patterns) {
  m_rows.clear();
  for (const QString& pattern : patterns)
    m_rows.push_back(patternTokens(pattern));
  setAccessibleName(patterns.join(tr(" or ")));
  setToolTip(patterns.join(QLatin1Char('\n')));
  updateGeometry();
  update();
}

void PatternPicture::setTheme(const Theme& theme) {
  m_theme = theme;
  update();
}

std::vector<PatternPicture::Placed> PatternPicture::place(double width) const {
  std::vector<Placed> placed;
  const double height = std::ceil(kTokenPx * 1.75);
  double y = 0;
  for (const auto& row : m_rows) {
    double x = 0;
    for (const TokenText& token : row) {
      const double wanted = std::min(widthOf(token), width);
      if (x > 0 && x + wanted > width) {
        x = 0;
        y += height + kGap;
      }
      placed.push_back({{x, y, wanted, height}, token});
      x += wanted + kGap;
    }
    y += height + 2 * kGap;
  }
  return placed;
}

int PatternPicture::heightForWidth(int width) const {
  const auto placed = place(width);
  return placed.empty() ? 0 : static_cast<int>(std::ceil(placed.back().box.bottom())) + 1;
}

QSize PatternPicture::sizeHint() const {
  return {kHintWidth, heightForWidth(kHintWidth)};
}

void PatternPicture::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  for (const Placed& it : place(width()))
    paintToken(painter, it.box, it.token, kTokenPx, m_theme);
}

}  // namespace anchorlens::widgets
