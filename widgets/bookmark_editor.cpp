// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bookmark_editor.h"

#include "widgets/number_format.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace anchorlens::widgets {

namespace {
constexpr int kMostLetters = 500;
}

BookmarkEditor::BookmarkEditor(QWidget* parent) : QFrame(parent) {
  setProperty("role", "card");
  setAttribute(Qt::WA_StyledBackground);
  m_title = new QLabel(this);
  m_note = new QLineEdit(this);
  m_note->setAccessibleName(tr("Note of the bookmark"));
  m_note->setPlaceholderText(tr("Note, may be empty"));
  m_note->setMaxLength(kMostLetters);
  m_title->setBuddy(m_note);
  auto* save = new QPushButton(tr("Save"), this);
  save->setProperty("role", "primary");
  m_remove = new QPushButton(tr("Remove"), this);
  auto* cancel = new QPushButton(tr("Cancel"), this);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 8, 12, 8);
  row->setSpacing(8);
  row->addWidget(m_title);
  row->addWidget(m_note, 1);
  for (QPushButton* button : {save, m_remove, cancel}) {
    button->setFocusPolicy(Qt::TabFocus);
    row->addWidget(button);
  }
  connect(m_note, &QLineEdit::returnPressed, this, &BookmarkEditor::save);
  connect(save, &QPushButton::clicked, this, &BookmarkEditor::save);
  connect(cancel, &QPushButton::clicked, this, &BookmarkEditor::leave);
  connect(m_remove, &QPushButton::clicked, this, [this] {
    leave();
    emit removed(m_step);
  });
  hide();
}

void BookmarkEditor::edit(std::int64_t step, const QString& note, bool is_there) {
  m_step = step;
  m_title->setText(tr("Bookmark at step %1").arg(formatInteger(step)));
  m_note->setText(note);
  m_note->selectAll();
  m_remove->setVisible(is_there);
  setAccessibleName(m_title->text());
  show();
  raise();
  m_note->setFocus(Qt::OtherFocusReason);
}

void BookmarkEditor::save() {
  const QString note = m_note->text().trimmed();
  leave();
  emit saved(m_step, note);
}

void BookmarkEditor::leave() {
  hide();
  emit closed();
}

void BookmarkEditor::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) {
    leave();
  } else {
    QFrame::keyPressEvent(event);
  }
}

}  // namespace anchorlens::widgets
