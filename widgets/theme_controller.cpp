// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme_controller.h"

#include "widgets/fonts.h"

#include <QApplication>
#include <QEvent>
#include <QToolTip>

#include <algorithm>

namespace anchorlens::widgets {

ThemeController::ThemeController(QApplication& application, QObject* parent)
    : QObject(parent), m_application(application), m_theme(Theme::dark()) {
  loadFonts();
  QApplication::setStyle(QStringLiteral("Fusion"));
  readSystem();
  m_application.installEventFilter(this);
  apply();
}

void ThemeController::setChoice(ThemeChoice choice) {
  m_choice = choice;
  apply();
}

void ThemeController::setFontScale(int percent) {
  m_font_scale = std::clamp(percent, 80, 200);
  apply();
}

void ThemeController::setCompact(bool compact) {
  if (compact != m_is_compact) {
    m_is_compact = compact;
    apply();
  }
}

void ThemeController::setHighContrast(bool high_contrast) {
  m_high_contrast = high_contrast;
  apply();
}

double ThemeController::basePixelSize() const {
  return std::max(10.0, (m_is_compact ? 12 : 13) * m_font_scale / 100.0);
}

bool ThemeController::eventFilter(QObject* object, QEvent* event) {
  if (event->type() == QEvent::ThemeChange && !m_is_applying && m_choice == ThemeChoice::System) {
    readSystem();
    apply();
  }
  return QObject::eventFilter(object, event);
}

/// Qt 6.4 does not say whether the system is dark: its palette does, when ours is off.
void ThemeController::readSystem() {
  m_is_applying = true;
  const QPalette ours = QApplication::palette();
  QApplication::setPalette(QPalette());
  const QPalette system = QApplication::palette();
  m_system_is_dark =
      system.color(QPalette::Window).lightness() < system.color(QPalette::WindowText).lightness();
  QApplication::setPalette(ours);
  m_is_applying = false;
}

void ThemeController::apply() {
  m_is_applying = true;
  const bool is_dark =
      m_choice == ThemeChoice::Dark || (m_choice == ThemeChoice::System && m_system_is_dark);
  m_theme = is_dark ? Theme::dark() : Theme::light();
  if (m_high_contrast) {
    m_theme = m_theme.withHighContrast();
  }
  QApplication::setPalette(m_theme.palette());
  QApplication::setFont(textFont(basePixelSize()));
  QToolTip::setFont(textFont(basePixelSize() - 1));
  m_application.setStyleSheet(styleSheet(m_theme, basePixelSize()));
  m_is_applying = false;
  emit changed(m_theme);
}

}  // namespace anchorlens::widgets
