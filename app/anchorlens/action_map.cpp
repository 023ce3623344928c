// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/action_map.h"

#include <QRegularExpression>
#include <QWidget>

#include <utility>

namespace anchorlens::app {

ActionMap::ActionMap(QWidget* window) : QObject(window), m_window(window) {}

QAction* ActionMap::add(const QString& id, const QString& text, const QStringList& shortcuts,
                        std::function<void()> work) {
  Q_ASSERT((*this)[id] == nullptr);
  auto* action = new QAction(text, this);
  action->setObjectName(id);
  QList<QKeySequence> keys;
  for (const QString& shortcut : shortcuts)
    keys.append(QKeySequence(shortcut, QKeySequence::PortableText));
  action->setShortcuts(keys);
  action->setShortcutContext(Qt::WindowShortcut);
  connect(action, &QAction::triggered, this, [work = std::move(work)] { work(); });
  m_window->addAction(action);
  m_entries.push_back({id, action, keys});
  return action;
}

QAction* ActionMap::operator[](const QString& id) const {
  for (const Entry& entry : m_entries) {
    if (entry.id == id)
      return entry.action;
  }
  return nullptr;
}

QString ActionMap::conflict(const QString& id, const QKeySequence& shortcut) const {
  for (const Entry& entry : m_entries) {
    if (entry.id != id && entry.action->shortcuts().contains(shortcut))
      return entry.action->text().remove(QLatin1Char('&'));
  }
  return {};
}

void ActionMap::setShortcuts(const QString& id, const QList<QKeySequence>& shortcuts) {
  if (QAction* action = (*this)[id])
    action->setShortcuts(shortcuts);
  emit shortcutsChanged();
}

void ActionMap::setShortcuts(const QMap<QString, QList<QKeySequence>>& changed) {
  for (const Entry& entry : m_entries)
    entry.action->setShortcuts(changed.value(entry.id, entry.built_in));
  emit shortcutsChanged();
}

QMap<QString, QList<QKeySequence>> ActionMap::changedShortcuts() const {
  QMap<QString, QList<QKeySequence>> changed;
  for (const Entry& entry : m_entries) {
    if (entry.action->shortcuts() != entry.built_in)
      changed[entry.id] = entry.action->shortcuts();
  }
  return changed;
}

QString ActionMap::keyOf(const QString& id) const {
  const QAction* action = (*this)[id];
  return action != nullptr ? action->shortcut().toString(QKeySequence::NativeText) : QString();
}

QString ActionMap::withKeyInUse(const QString& text) const {
  static const QRegularExpression kAtEnd(QStringLiteral("^(.*) \\(([^()]+)\\)$"));
  const auto match = kAtEnd.match(text);
  const QKeySequence named(match.captured(2), QKeySequence::PortableText);
  for (const Entry& entry : m_entries) {
    if (!match.hasMatch() || !entry.built_in.contains(named))
      continue;
    if (entry.action->shortcuts().contains(named))
      return text;
    const QString key = keyOf(entry.id);
    return match.captured(1) + (key.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(key));
  }
  return text;
}

}  // namespace anchorlens::app
