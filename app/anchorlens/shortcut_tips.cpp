// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/shortcut_tips.h"

#include "app/anchorlens/action_map.h"

#include <QApplication>
#include <QHelpEvent>
#include <QToolTip>
#include <QWidget>

namespace anchorlens::app {

ShortcutTips::ShortcutTips(const ActionMap& actions, QObject* parent)
    : QObject(parent), m_actions(actions) {
  qApp->installEventFilter(this);
}

bool ShortcutTips::eventFilter(QObject* object, QEvent* event) {
  auto* widget = event->type() == QEvent::ToolTip ? qobject_cast<QWidget*>(object) : nullptr;
  if (widget == nullptr || widget->toolTip().isEmpty())
    return false;
  const QString text = m_actions.withKeyInUse(widget->toolTip());
  if (text == widget->toolTip())
    return false;
  QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), text, widget);
  return true;
}

}  // namespace anchorlens::app
