// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/action_map.h"

#include <QDialog>

class QLineEdit;
class QListWidget;

namespace anchorlens::app {

/// "Find an action": type a part of its name, Enter does it. What is not possible now comes last,
/// dimmed.
class ActionFinder : public QDialog {
  Q_OBJECT

 public:
  ActionFinder(ActionMap& actions, QWidget* parent);

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void fill(const QString& text);
  void addMatches(const QString& text, bool possible);
  void trigger();

  ActionMap& m_actions;
  QLineEdit* m_text = nullptr;
  QListWidget* m_list = nullptr;
  /// The first rows of the list, which can be chosen.
  int m_possible = 0;
};

}  // namespace anchorlens::app
