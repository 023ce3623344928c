// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace anchorlens::widgets {

namespace {

QColor rgb(unsigned value) {
  return QColor::fromRgb(QRgb(value) | 0xff000000U);
}

double linear(double channel) {
  return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double relativeLuminance(const QColor& colour) {
  return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) +
         0.0722 * linear(colour.blueF());
}

}  // namespace

double contrastRatio(const QColor& a, const QColor& b) {
  const double first = relativeLuminance(a);
  const double second = relativeLuminance(b);
  return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

Theme Theme::dark() {
  Theme t;
  t.is_dark = true;
  t.window = rgb(0x14161B);
  t.panel = rgb(0x1B1E25);
  t.raised = rgb(0x252A34);
  t.input = rgb(0x111318);
  t.plot = rgb(0x171A20);
  t.border = rgb(0x323845);
  t.rule = rgb(0x272C36);
  t.text = rgb(0xE7EAF0);
  t.text_second = rgb(0xAEB6C4);
  t.text_muted = rgb(0x929CAC);
  t.mask_hatch = rgb(0x2A2F3A);
  t.accent = rgb(0x46C2B3);
  t.on_accent = rgb(0x06201D);
  t.accent_tint = rgb(0x1C3A3B);
  t.selection = rgb(0x22323A);
  t.error = rgb(0xFF8A91);
  t.error_tint = rgb(0x3A2027);
  t.warning = rgb(0xF0BD62);
  t.good = rgb(0x6FCF97);
  t.time_cursor = rgb(0xFFFFFF);
  t.tooltip = rgb(0x2F3644);
  return t;
}

Theme Theme::light() {
  Theme t;
  t.is_dark = false;
  t.window = rgb(0xEEF0F3);
  t.panel = rgb(0xFFFFFF);
  t.raised = rgb(0xF1F3F6);
  t.input = rgb(0xFFFFFF);
  t.plot = rgb(0xFAFBFC);
  t.border = rgb(0xCBD1DA);
  t.rule = rgb(0xE3E6EB);
  t.text = rgb(0x191C22);
  t.text_second = rgb(0x454D5B);
  t.text_muted = rgb(0x5F6978);
  t.mask_hatch = rgb(0xE1E4E9);
  t.accent = rgb(0x0B746B);
  t.on_accent = rgb(0xFFFFFF);
  t.accent_tint = rgb(0xDDF1EE);
  t.selection = rgb(0xE1F0EE);
  t.error = rgb(0xAE1F31);
  t.error_tint = rgb(0xFDECEE);
  t.warning = rgb(0x8A5A00);
  t.good = rgb(0x1A7040);
  t.time_cursor = rgb(0x101318);
  t.tooltip = rgb(0xFFFFFF);
  return t;
}

Theme Theme::print() {
  Theme t = light();
  t.window = t.panel = t.plot = rgb(0xFFFFFF);
  return t;
}

Theme Theme::withHighContrast() const {
  Theme t = *this;
  t.high_contrast = true;
  t.text_muted = t.text;
  t.text_second = t.text;
  t.border = t.text;
  return t;
}

TokenStyle Theme::token(TokenRole role) const {
  using Shape = TokenStyle::Shape;
  switch (role) {
    case TokenRole::Anchor:
      return is_dark ? TokenStyle{rgb(0xF5AE66), rgb(0x42301E), Shape::Box, true}
                     : TokenStyle{rgb(0x8F4A00), rgb(0xFCE9D3), Shape::Box, true};
    case TokenRole::Key:
      return is_dark ? TokenStyle{rgb(0x7DBBFA), rgb(0x1D3350), Shape::Pill, true}
                     : TokenStyle{rgb(0x1A58A5), rgb(0xDDEBFB), Shape::Pill, true};
    case TokenRole::Answer:
      return is_dark ? TokenStyle{rgb(0x74D39A), rgb(0x1B3A2A), Shape::Pill, true}
                     : TokenStyle{rgb(0x17693A), rgb(0xDBF1E3), Shape::Pill, true};
    case TokenRole::Noise:
      break;
  }
  return {is_dark ? rgb(0x99A2B1) : rgb(0x5B6371), QColor(), Shape::Plain, false};
}

QColor Theme::mechanism(Mechanism mechanism) const {
  switch (mechanism) {
    case Mechanism::Shift:
      return is_dark ? rgb(0xE8D25A) : rgb(0x806300);
    case Mechanism::Broadcast:
      return is_dark ? rgb(0xB79BFF) : rgb(0x6534C9);
    case Mechanism::Other:
    case Mechanism::None:
      break;
  }
  return text_muted;
}

QPen Theme::group(GroupLine group, double width) const {
  switch (group) {
    case GroupLine::Train:
      return {is_dark ? rgb(0x8F98A8) : rgb(0x7A828F), width, Qt::DotLine};
    case GroupLine::Test:
      return {accent, width, Qt::SolidLine};
    case GroupLine::HeldOut:
      break;
  }
  return {is_dark ? rgb(0x9AA8FF) : rgb(0x4A48C8), width, Qt::DashLine};
}

QColor Theme::run(int index) const {
  static constexpr std::array<unsigned, kRunColours> kDark{0x7FB4EA, 0xF0936E, 0xF4E79A, 0xCDBBFF,
                                                           0x4FB3A0};
  static constexpr std::array<unsigned, kRunColours> kLight{0x1F66B5, 0xB8481C, 0x2B2F3A, 0x8E44C8,
                                                            0x2A7A6D};
  const auto i = static_cast<std::size_t>(std::max(index, 0) % kRunColours);
  return rgb(is_dark ? kDark.at(i) : kLight.at(i));
}

QPalette Theme::palette() const {
  QPalette p;
  p.setColor(QPalette::Window, window);
  p.setColor(QPalette::WindowText, text);
  p.setColor(QPalette::Base, input);
  p.setColor(QPalette::AlternateBase, raised);
  p.setColor(QPalette::Text, text);
  p.setColor(QPalette::PlaceholderText, text_muted);
  p.setColor(QPalette::Button, raised);
  p.setColor(QPalette::ButtonText, text);
  p.setColor(QPalette::BrightText, error);
  p.setColor(QPalette::Highlight, is_dark ? QColor(0x2B5D5B) : QColor(0xB9E3DD));
  p.setColor(QPalette::HighlightedText, text);
  p.setColor(QPalette::ToolTipBase, tooltip);
  p.setColor(QPalette::ToolTipText, text);
  p.setColor(QPalette::Link, accent);
  p.setColor(QPalette::LinkVisited, accent);
  p.setColor(QPalette::Light, raised);
  p.setColor(QPalette::Midlight, raised);
  p.setColor(QPalette::Mid, border);
  p.setColor(QPalette::Dark, border);
  p.setColor(QPalette::Shadow, rgb(0x000000));
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
    p.setColor(QPalette::Disabled, role, text_muted);
  }
  return p;
}

}  // namespace anchorlens::widgets
