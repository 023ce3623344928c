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
  for (const ActionMap::Entry& entry : m_actions.entries()) {
    const QString name = entry.action->text().remove(QLatin1Char('&'));
    if (!entry.action->isEnabled() || !name.contains(text, Qt::CaseInsensitive))
      continue;
    const QString keys =
        QKeySequence::listToString(entry.action->shortcuts(), QKeySequence::NativeText);
    auto* item =
        new QListWidgetItem(keys.isEmpty() ? name : name + QStringLiteral("    ") + keys, m_list);
    item->setData(Qt::UserRole, entry.id);
  }
  m_list->setCurrentRow(0);
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
      m_list->setCurrentRow(std::clamp(m_list->currentRow() + by, 0, m_list->count() - 1));
      return true;
    }
  }
  return QDialog::eventFilter(object, event);
}

}  // namespace anchorlens::app
