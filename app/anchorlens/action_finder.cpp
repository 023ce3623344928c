// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/action_finder.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace anchorlens::app {

ActionFinder::ActionFinder(ActionMap& actions, QWidget* parent)
    : QDialog(parent), m_actions(actions) {
  setWindowTitle(tr("Find an action"));
  setAttribute(Qt::WA_DeleteOnClose);
  m_text = new QLineEdit(this);
  m_text->setPlaceholderText(tr("Part of its name"));
  m_text->setAccessibleName(tr("Find an action"));
  m_text->installEventFilter(this);
  m_list = new QListWidget(this);
  m_list->setAccessibleName(tr("Actions"));
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(m_text);
  layout->addWidget(m_list);
  resize(440, 380);
  connect(m_text, &QLineEdit::textChanged, this, &ActionFinder::fill);
  connect(m_text, &QLineEdit::returnPressed, this, &ActionFinder::trigger);
  connect(m_list, &QListWidget::itemActivated, this, &ActionFinder::trigger);
  fill({});
}

void ActionFinder::fill(const QString& text) {
  m_list->clear();
  addMatches(text, true);
  m_possible = m_list->count();
  addMatches(text, false);
  m_list->setCurrentRow(m_possible > 0 ? 0 : -1);
}

void ActionFinder::addMatches(const QString& text, bool possible) {
  for (const ActionMap::Entry& entry : m_actions.entries()) {
    const QString name = entry.action->text().remove(QLatin1Char('&'));
    if (entry.action->isEnabled() != possible || !name.contains(text, Qt::CaseInsensitive))
      continue;
    const QString keys =
        QKeySequence::listToString(entry.action->shortcuts(), QKeySequence::NativeText);
    auto* item =
        new QListWidgetItem(keys.isEmpty() ? name : name + QStringLiteral("    ") + keys, m_list);
    item->setData(Qt::UserRole, entry.id);
    if (!possible) {
      item->setFlags(item->flags() & ~(Qt::ItemIsEnabled | Qt::ItemIsSelectable));
      item->setData(Qt::AccessibleTextRole, tr("%1, not possible now").arg(item->text()));
    }
  }
}

void ActionFinder::trigger() {
  const QListWidgetItem* item = m_list->currentItem();
  if (item == nullptr)
    return;
  QAction* action = m_actions[item->data(Qt::UserRole).toString()];
  close();
  action->trigger();
}

bool ActionFinder::eventFilter(QObject* object, QEvent* event) {
  if (event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    const int by = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
    if (by != 0) {
      if (m_possible > 0)
        m_list->setCurrentRow(std::clamp(m_list->currentRow() + by, 0, m_possible - 1));
      return true;
    }
  }
  return QDialog::eventFilter(object, event);
}

}  // namespace anchorlens::app
