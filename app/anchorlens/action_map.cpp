// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/action_map.h"

#include <QMenuBar>
#include <QRegularExpression>
#include <QWidget>

#include <algorithm>
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

std::optional<ActionMap::Owner> ActionMap::conflict(const QString& id,
                                                    const QKeySequence& shortcut) const {
  const auto clash = [&shortcut](const QAction* action, const QList<QKeySequence>& all) {
    const auto keys = std::find_if(all.begin(), all.end(), [&shortcut](const QKeySequence& has) {
      return has.matches(shortcut) != QKeySequence::NoMatch ||
             shortcut.matches(has) != QKeySequence::NoMatch;
    });
    return keys == all.end() ? std::nullopt
                             : std::optional(Owner{action->text().remove(QLatin1Char('&')), *keys});
  };
  for (const Entry& entry : m_entries) {
    if (entry.id == id)
      continue;
    if (auto owner = clash(entry.action, entry.action->shortcuts()))
      return owner;
  }
  const auto* bar = m_window->findChild<QMenuBar*>();
  for (const QAction* menu : bar != nullptr ? bar->actions() : QList<QAction*>()) {
    const QKeySequence opens = QKeySequence::mnemonic(menu->text());
    if (auto owner = clash(menu, opens.isEmpty() ? QList<QKeySequence>() : QList{opens}))
      return owner;
  }
  return std::nullopt;
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

QString ActionMap::keyOrName(const QString& id) const {
  const QString key = keyOf(id);
  return key.isEmpty() ? (*this)[id]->text().remove(QLatin1Char('&')) : key;
}

QString ActionMap::withKeyInUse(const QString& text) const {
  static const QRegularExpression kAtEnd(QStringLiteral("^(.*) \\(([^()]+)\\)$"));
  const auto match = kAtEnd.match(text);
  if (!match.hasMatch())
    return text;
  QStringList keys;
  for (const QString& name : match.captured(2).split(QStringLiteral(", "))) {
    const QKeySequence named(name, QKeySequence::PortableText);
    const auto entry = std::find_if(m_entries.begin(), m_entries.end(), [&named](const Entry& e) {
      return e.built_in.contains(named);
    });
    if (entry == m_entries.end())
      return text;
    const QString key = entry->action->shortcuts().contains(named) ? name : keyOf(entry->id);
    if (!key.isEmpty())
      keys.append(key);
  }
  return match.captured(1) +
         (keys.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(keys.join(", ")));
}

}  // namespace anchorlens::app
