// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>
#include <QPen>
#include <QString>

/// The colour roles of the window: one job per place (docs/colours: token roles, mechanisms, groups
/// and runs have palettes of their own). Plain values; nothing here knows of a widget.
namespace anchorlens::widgets {

enum class TokenRole { Noise, Anchor, Key, Answer };
enum class Mechanism { None, Shift, Broadcast, Other };
enum class GroupLine { Train, Test, HeldOut };

/// How a token is drawn: the shape repeats what the colour says.
struct TokenStyle {
  enum class Shape { Plain, Box, Pill };
  QColor text;
  QColor fill;  ///< invalid: none
  Shape shape = Shape::Plain;
  bool bold = false;
};

struct Theme {
  bool is_dark = true;
  bool high_contrast = false;

  QColor window, panel, raised, input, plot;
  QColor border, rule;
  QColor text, text_second, text_muted;
  QColor mask_hatch;
  QColor accent, on_accent, accent_tint, selection;
  QColor error, error_tint, warning, good;
  QColor time_cursor, tooltip;

  static Theme dark();
  static Theme light();
  /// For figures: light, on a white page.
  static Theme print();
  /// Muted text becomes text and borders get stronger.
  Theme withHighContrast() const;

  TokenStyle token(TokenRole role) const;
  QColor mechanism(Mechanism mechanism) const;
  /// Colour and line style of a group's curve; the style is the rule everywhere.
  QPen group(GroupLine group, double width) const;
  /// Colour of the i-th run; from the sixth on the colours return and lines get a marker.
  QColor run(int index) const;
  static bool runNeedsMarker(int index) { return index >= kRunColours; }
  /// Width of borders that carry meaning: 1, high contrast 2.
  int borderWidth() const { return high_contrast ? 2 : 1; }

  QPalette palette() const;

  static constexpr int kRunColours = 5;
  bool operator==(const Theme&) const = default;
};

/// WCAG 2 contrast ratio of two opaque colours, 1 to 21.
double contrastRatio(const QColor& a, const QColor& b);

/// The whole application's style sheet; `base_px` is the interface font's size in pixels.
///
/// Widgets opt into roles by a dynamic property "role": "primary" (accent button), "title",
/// "caption", "muted", "mono", "problem", "warning", "card", "segment" (Map | Lines), "flat" (icon
/// buttons), "link", "bar" (message bar), "control-row". Set it before the widget is shown.
QString styleSheet(const Theme& theme, double base_px);

}  // namespace anchorlens::widgets
