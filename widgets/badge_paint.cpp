// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/badge.h"
#include "widgets/fonts.h"
#include "widgets/text_paint.h"

#include <QEvent>
#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace anchorlens::widgets {

using core::LabelState;

namespace {

bool hasIcon(Mechanism mechanism) {
  return mechanism == Mechanism::Shift || mechanism == Mechanism::Broadcast;
}

struct BadgeParts {
  double height = 0;
  double padding = 0;
  double icon = 0;
  double text = 0;
  double gap = 0;
  double value = 0;
  double width() const {
    return 2 * padding + icon + (icon > 0 && text + value > 0 ? padding * 0.7 : 0) + text + gap +
           value;
  }
};

BadgeParts parts(const BadgeInfo& badge, double font_px, BadgeForm form) {
  BadgeParts p;
  p.height = std::round(font_px * 1.65);
  p.padding = font_px * 0.42;
  p.icon = hasIcon(badge.mechanism) ? font_px * 0.85 : 0;
  const QFont font = textFont(font_px, Weight::SemiBold);
  if (form == BadgeForm::Full) {
    p.text = textWidth(badge.text, font);
    p.gap = badge.value.isEmpty() ? 0 : font_px * 0.55;
    p.value = textWidth(badge.value, font);
  } else if (p.icon == 0 || form == BadgeForm::Value) {
    p.value = textWidth(badge.value, font);
  }
  return p;
}

struct BadgeColours {
  QColor text, fill, border;
};

BadgeColours colours(const BadgeInfo& badge, const Theme& theme) {
  if (badge.state == LabelState::None) {
    return {theme.text_second, theme.raised, theme.is_dark ? theme.raised : theme.border};
  }
  if (!hasIcon(badge.mechanism)) {
    return {theme.text, theme.raised, theme.text_muted};
  }
  const QColor hue = theme.mechanism(badge.mechanism);
  const double share = badge.state == LabelState::Entered ? 0.17 : 0.07;
  return {hue, mixed(theme.panel, hue, theme.is_dark ? share : share * 0.6), hue};
}

}  // namespace

QSizeF badgeSize(const BadgeInfo& badge, double font_px, BadgeForm form) {
  const BadgeParts p = parts(badge, font_px, form);
  return badge.text.isEmpty() ? QSizeF() : QSizeF(std::ceil(p.width()), p.height);
}

FittedBadge fitBadge(const BadgeInfo& badge, double font_px, double width) {
  const auto fits = [&](const FittedBadge& f) {
    return badgeSize(f.badge, font_px, f.form).width() <= width;
  };
  FittedBadge fitted{badge, BadgeForm::Full};
  if (fits(fitted)) {
    return fitted;
  }
  if (!badge.short_text.isEmpty()) {
    fitted.badge.text = badge.short_text;
    if (fits(fitted)) {
      return fitted;
    }
  }
  fitted.form = BadgeForm::Value;
  if (!fits(fitted)) {
    fitted.form = BadgeForm::Icon;
  }
  return fitted;
}

void paintMechanismIcon(QPainter& painter, const QRectF& box, Mechanism mechanism,
                        const QColor& colour) {
  if (!hasIcon(mechanism)) {
    return;
  }
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  const double w = box.width() * 0.11;
  painter.setPen(QPen(colour, w, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
  painter.setBrush(Qt::NoBrush);
  const QRectF b = box.adjusted(w / 2, w / 2, -w / 2, -w / 2);
  QPainterPath path;
  path.moveTo(b.topLeft());
  path.lineTo(b.bottomLeft());
  path.lineTo(b.bottomRight());
  if (mechanism == Mechanism::Shift) {
    path.moveTo(b.topLeft());
    path.lineTo(b.bottomRight());
    painter.drawPath(path);
  } else {
    painter.drawPath(path);
    painter.setPen(QPen(colour, w * 1.9, Qt::SolidLine, Qt::FlatCap));
    const double x = b.left() + b.width() * 0.5;
    painter.drawLine(QPointF(x, b.top() + b.height() * 0.25), QPointF(x, b.bottom()));
  }
  painter.restore();
}

void paintBadge(QPainter& painter, QPointF top_left, const BadgeInfo& badge, double font_px,
                const Theme& theme, BadgeForm form, bool text_as_paths) {
  if (badge.text.isEmpty()) {
    return;
  }
  const BadgeParts p = parts(badge, font_px, form);
  const BadgeColours c = colours(badge, theme);
  const double line = font_px / 12.0 * theme.borderWidth();
  const QRectF box(top_left, QSizeF(std::ceil(p.width()), p.height));
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  QPen pen(c.border, line);
  if (badge.state == LabelState::Forming) {
    pen.setDashPattern({3.0, 2.0});
  }
  painter.setPen(pen);
  painter.setBrush(c.fill);
  const double half = line / 2;
  painter.drawRoundedRect(box.adjusted(half, half, -half, -half), font_px * 0.33, font_px * 0.33);
  painter.restore();

  double x = box.left() + p.padding;
  if (p.icon > 0) {
    const QRectF icon(x, box.center().y() - p.icon / 2, p.icon, p.icon);
    paintMechanismIcon(painter, icon, badge.mechanism, c.text);
    x += p.icon + p.padding * 0.7;
  }
  const QFont font = textFont(font_px, Weight::SemiBold);
  if (p.text > 0) {
    paintText(painter, QRectF(x, box.top(), p.text, box.height()), Qt::AlignLeft | Qt::AlignVCenter,
              badge.text, font, c.text, text_as_paths);
    x += p.text + p.gap;
  }
  if (p.value > 0) {
    paintText(painter, QRectF(x, box.top(), p.value, box.height()),
              Qt::AlignLeft | Qt::AlignVCenter, badge.value, font, c.text, text_as_paths);
  }
}

Badge::Badge(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
}

void Badge::setBadge(const BadgeInfo& badge) {
  if (badge == m_badge) {
    return;
  }
  m_badge = badge;
  const QString name = badge.text + ' ' + badge.value;
  setToolTip(name + '\n' + badge.tooltip);
  setAccessibleName(name);
  updateGeometry();
  update();
}

void Badge::setTheme(const Theme& theme) {
  m_theme = theme;
  update();
}

QSize Badge::sizeOf(BadgeForm form) const {
  return badgeSize(m_badge, fontSize(), form).toSize();
}

double Badge::fontSize() const {
  return basePixelSize(*this) - 1;
}

void Badge::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const FittedBadge fitted = fitBadge(m_badge, fontSize(), width());
  paintBadge(painter, QPointF(0, 0), fitted.badge, fontSize(), m_theme, fitted.form);
}

void Badge::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange) {
    updateGeometry();
  }
  QWidget::changeEvent(event);
}

}  // namespace anchorlens::widgets
