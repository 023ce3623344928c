// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/action_map.h"
#include "app/anchorlens/dialogs.h"
#include "app/anchorlens/settings.h"

#include <QDialog>

class QComboBox;
class QKeySequenceEdit;
class QLabel;
class QLineEdit;
class QSpinBox;
class QTreeWidget;

namespace anchorlens::app {

/// Theme, font scale, folder for runs, shortcuts. Every change acts at once; a shortcut that
/// another action has is refused in place.
class PreferencesDialog : public QDialog {
  Q_OBJECT

 public:
  PreferencesDialog(ActionMap& actions, Settings& settings, Dialogs& dialogs, QWidget* parent);

  /// Gives the action this key in the place of those it has, or says why not.
  bool assign(const QString& id, const QKeySequence& shortcut);
  QString problem() const;

 signals:
  /// The settings were changed.
  void changed();

 private:
  QWidget* buildGeneral();
  QWidget* buildShortcuts();
  void fillShortcuts();
  void storeShortcuts();
  QString currentId() const;
  bool isFree(const QString& id, const QList<QKeySequence>& shortcuts);

  ActionMap& m_actions;
  Settings& m_settings;
  Dialogs& m_dialogs;
  QComboBox* m_theme = nullptr;
  QSpinBox* m_font_scale = nullptr;
  QLineEdit* m_folder = nullptr;
  QTreeWidget* m_list = nullptr;
  QKeySequenceEdit* m_keys = nullptr;
  QLabel* m_problem = nullptr;
};

}  // namespace anchorlens::app
