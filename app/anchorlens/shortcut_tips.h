// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace anchorlens::app {

class ActionMap;

/// Tooltips are written with the built-in shortcuts; they are shown with those in use. Installed
/// on the application.
class ShortcutTips : public QObject {
  Q_OBJECT

 public:
  ShortcutTips(const ActionMap& actions, QObject* parent);

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  const ActionMap& m_actions;
};

}  // namespace anchorlens::app
