// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>
#include <QWidget>

namespace anchorlens::app {

/// The widget that has the focus. From the end of a dialog until the window is active again there
/// is none: it is then the one that gets the focus back. `part`: of the main window.
inline QWidget* focusOf(const QWidget* part) {
  if (QWidget* focus = QApplication::focusWidget())
    return focus;
  while (part->parentWidget() != nullptr)
    part = part->parentWidget();
  return part->focusWidget();
}

inline bool hasFocusIn(const QWidget* region) {
  const QWidget* focus = focusOf(region);
  return focus != nullptr && (region == focus || region->isAncestorOf(focus));
}

}  // namespace anchorlens::app
