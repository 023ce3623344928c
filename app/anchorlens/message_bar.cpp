// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/message_bar.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace anchorlens::app {

MessageBar::MessageBar(QWidget* parent) : QWidget(parent) {
  m_layout = new QVBoxLayout(this);
  m_layout->setContentsMargins(8, 0, 8, 0);
  m_layout->setSpacing(4);
  hide();
}

void MessageBar::showMessage(const QString& key, Kind kind, const QString& text,
                             const std::vector<Action>& actions) {
  hideMessage(key);
  auto* line = new QFrame(this);
  line->setObjectName(key);
  line->setProperty("role", "bar");
  if (kind == Kind::Problem)
    line->setProperty("state", "problem");
  auto* layout = new QHBoxLayout(line);
  layout->setContentsMargins(12, 5, 6, 5);
  auto* label = new QLabel(text, line);
  label->setObjectName(QStringLiteral("text"));
  label->setWordWrap(true);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  if (kind == Kind::Warning)
    label->setProperty("role", "warning");
  layout->addWidget(label, 1);
  for (const auto& [name, work] : actions) {
    auto* button = new QPushButton(name, line);
    button->setFocusPolicy(Qt::TabFocus);
    connect(button, &QPushButton::clicked, this, [this, key, work = work] {
      hideMessage(key);
      work();
    });
    layout->addWidget(button);
  }
  auto* close = new QPushButton(tr("Close"), line);
  close->setProperty("role", "link");
  close->setFocusPolicy(Qt::TabFocus);
  connect(close, &QPushButton::clicked, this, [this, key] { hideMessage(key); });
  layout->addWidget(close);
  m_layout->addWidget(line);
  show();
}

void MessageBar::hideMessage(const QString& key) {
  for (int i = m_layout->count(); i-- > 0;) {
    QWidget* line = m_layout->itemAt(i)->widget();
    if (line->objectName() == key) {
      m_layout->removeWidget(line);
      line->hide();
      line->deleteLater();
    }
  }
  setVisible(m_layout->count() > 0);
}

void MessageBar::focusAction(const QString& key) {
  for (int i = 0; i < m_layout->count(); ++i) {
    const QWidget* line = m_layout->itemAt(i)->widget();
    if (line->objectName() == key)
      line->findChild<QPushButton*>()->setFocus(Qt::OtherFocusReason);
  }
}

QString MessageBar::text(const QString& key) const {
  for (int i = 0; i < m_layout->count(); ++i) {
    const QWidget* line = m_layout->itemAt(i)->widget();
    if (line->objectName() == key)
      return line->findChild<QLabel*>(QStringLiteral("text"))->text();
  }
  return {};
}

}  // namespace anchorlens::app
