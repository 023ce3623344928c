// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme.h"

#include <QWidget>

class QDockWidget;
class QToolButton;

namespace anchorlens::app {

/// A dock's title with float and close buttons in the window's style. Dragging it moves the dock.
class DockTitle : public QWidget {
  Q_OBJECT

 public:
  explicit DockTitle(QDockWidget* dock);
  void setTheme(const widgets::Theme& theme);

 private:
  QToolButton* m_float = nullptr;
  QToolButton* m_close = nullptr;
};

}  // namespace anchorlens::app
