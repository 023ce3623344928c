// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace anchorlens::app {

/// Single keys and Space are the window's shortcuts only when no text field, list editor or button
/// has the focus; arrows, Home and End belong to a heatmap, grid or list that has it. Installed on
/// the application. Undo and redo are the window's in every field of it; Enter presses the button
/// that has the focus.
class KeyFilter : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;
};

}  // namespace anchorlens::app
