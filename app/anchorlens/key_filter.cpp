// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/key_filter.h"

#include "widgets/head_grid.h"
#include "widgets/head_view.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMainWindow>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabBar>
#include <QTextEdit>
#include <QToolButton>

namespace anchorlens::app {

namespace {

template <typename... Widgets>
bool isAnyOf(const QObject* object) {
  return ((qobject_cast<const Widgets*>(object) != nullptr) || ...);
}

bool isArrow(int key) {
  return key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down;
}

bool isNavigation(int key) {
  return isArrow(key) || key == Qt::Key_Home || key == Qt::Key_End;
}

/// Whether the widget has a use of its own for this key.
bool keeps(const QObject* widget, const QKeyEvent& key) {
  const bool is_text = isAnyOf<QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox>(widget);
  const bool is_printable = !key.text().isEmpty() && key.text().at(0).isPrint();
  const bool is_plain = (key.modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) == 0;
  if (is_text) {
    // Words are walked by Ctrl+Left, paragraphs by Alt: editing keys stay with the text.
    return (is_plain && is_printable) || isNavigation(key.key());
  }
  if (isAnyOf<QAbstractButton>(widget))
    return is_plain && (is_printable || isNavigation(key.key()));
  if (isAnyOf<QComboBox, QTabBar>(widget))
    return is_plain && (is_printable || isNavigation(key.key()));
  if (isAnyOf<QAbstractItemView, QAbstractSlider>(widget))
    return is_plain && isNavigation(key.key());
  if (isAnyOf<widgets::HeadGrid, widgets::HeadView>(widget))
    return is_plain && !(key.modifiers() & Qt::ShiftModifier) && isArrow(key.key());
  return false;
}

/// The window's undo covers what is typed into its fields; a field has none of its own.
bool isWindowsUndo(const QObject* object, const QKeyEvent& key) {
  const auto* widget = qobject_cast<const QWidget*>(object);
  return widget != nullptr && isAnyOf<QLineEdit, QPlainTextEdit>(widget) &&
         qobject_cast<const QMainWindow*>(widget->window()) != nullptr &&
         (key.matches(QKeySequence::Undo) || key.matches(QKeySequence::Redo));
}

/// Enter presses the button that has the focus, as Space does; Qt knows that in dialogs only.
bool isPress(const QObject* object, const QKeyEvent& key) {
  const bool is_button = isAnyOf<QPushButton, QToolButton>(object);
  const bool is_enter = key.key() == Qt::Key_Return || key.key() == Qt::Key_Enter;
  return is_button && is_enter && !key.isAutoRepeat() &&
         (key.modifiers() & ~Qt::KeypadModifier) == 0 &&
         qobject_cast<const QMainWindow*>(static_cast<const QWidget*>(object)->window()) != nullptr;
}

}  // namespace

bool KeyFilter::eventFilter(QObject* object, QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    auto* key = static_cast<QKeyEvent*>(event);
    if (isWindowsUndo(object, *key)) {
      key->ignore();
      return true;
    }
    if (keeps(object, *key)) {
      event->accept();
      return true;
    }
  }
  if (event->type() == QEvent::KeyPress && isPress(object, *static_cast<QKeyEvent*>(event))) {
    qobject_cast<QAbstractButton*>(object)->click();
    return true;
  }
  return QObject::eventFilter(object, event);
}

}  // namespace anchorlens::app
