// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QKeySequence>
#include <QList>
#include <QMap>
#include <QObject>
#include <QString>

#include <functional>
#include <optional>
#include <vector>

namespace anchorlens::app {

/// Every action of the window by its id, with its shortcuts; the menus, Preferences and "Find an
/// action" are views of it.
class ActionMap : public QObject {
  Q_OBJECT

 public:
  explicit ActionMap(QWidget* window);

  struct Entry {
    QString id;
    QAction* action = nullptr;
    QList<QKeySequence> built_in;
  };

  /// A new action that calls `work`. Ids are never used twice.
  QAction* add(const QString& id, const QString& text, const QStringList& shortcuts,
               std::function<void()> work);
  QAction* operator[](const QString& id) const;
  const std::vector<Entry>& entries() const { return m_entries; }

  struct Owner {
    QString text;  ///< of the action or menu
    QKeySequence keys;
  };
  /// Whose the shortcut is already, save `id`'s; nobody's when it is free. Of two shortcuts one of
  /// which begins with the other, the longer would never be reached.
  std::optional<Owner> conflict(const QString& id, const QKeySequence& shortcut) const;
  void setShortcuts(const QString& id, const QList<QKeySequence>& shortcuts);
  void setShortcuts(const QMap<QString, QList<QKeySequence>>& changed);
  /// Those that differ from the built-in ones.
  QMap<QString, QList<QKeySequence>> changedShortcuts() const;
  /// The first shortcut in use, as it is shown; empty without one.
  QString keyOf(const QString& id) const;
  /// For a text that says what to press: without a shortcut the action's name in the menus.
  QString keyOrName(const QString& id) const;
  /// A text that ends in built-in shortcuts, "Pause (Space)" or "Head (H, Shift+H)", with those in
  /// use; without the brackets where there is none.
  QString withKeyInUse(const QString& text) const;

 signals:
  void shortcutsChanged();

 private:
  QWidget* m_window;
  std::vector<Entry> m_entries;
};

}  // namespace anchorlens::app
