// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme.h"

#include <QObject>
#include <QPalette>

class QApplication;

namespace anchorlens::widgets {

enum class ThemeChoice { System, Light, Dark };

/// Puts theme, fonts and style sheet on the application and changes them while it runs. One object,
/// owned by main(); loads the fonts. Views listen to changed() and call their setTheme().
class ThemeController : public QObject {
  Q_OBJECT

 public:
  explicit ThemeController(QApplication& application, QObject* parent = nullptr);

  ThemeChoice choice() const { return m_choice; }
  void setChoice(ThemeChoice choice);
  /// 80 to 200; clamped.
  int fontScale() const { return m_font_scale; }
  void setFontScale(int percent);
  /// The set for windows under 1440 px: base font 12.
  bool isCompact() const { return m_is_compact; }
  void setCompact(bool compact);
  void setHighContrast(bool high_contrast);

  const Theme& theme() const { return m_theme; }
  double basePixelSize() const;

 signals:
  void changed(const anchorlens::widgets::Theme& theme);

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void apply();
  void readSystem();

  QApplication& m_application;
  ThemeChoice m_choice = ThemeChoice::System;
  int m_font_scale = 100;
  bool m_is_compact = false;
  bool m_high_contrast = false;
  bool m_system_is_dark = true;
  bool m_is_applying = false;
  Theme m_theme;
};

}  // namespace anchorlens::widgets
