// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/edit_held_out.h"
#include "widgets/composer/anchor_row.h"
#include "widgets/composer/anchors_card.h"
#include "widgets/composer/token_chip.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

/// Whether the cursor of a text stands at its end in the direction of `key`, so that the arrow
/// leaves the cell.
bool isAtEdge(const QWidget* editor, int key) {
  const bool is_left = key == Qt::Key_Left;
  if (const auto* line = qobject_cast<const QLineEdit*>(editor)) {
    return !line->hasSelectedText() &&
           line->cursorPosition() == (is_left ? 0 : line->text().size());
  }
  if (const auto* text = qobject_cast<const QPlainTextEdit*>(editor)) {
    return !text->textCursor().hasSelection() &&
           (is_left ? text->textCursor().atStart() : text->textCursor().atEnd());
  }
  return true;
}

}  // namespace

/// A fixed token that a pattern applies: its row waits for an operation.
void AnchorsCard::addMissing(int token) {
  auto* line = new QWidget(this);
  auto* row = new QHBoxLayout(line);
  row->setContentsMargins(0, 0, 0, 0);
  auto* chip = new TokenChip(token, line);
  chip->setTheme(theme());
  auto* text = new QLabel(tr("is applied by a pattern and has no operation."), line);
  text->setProperty("role", "problem");
  auto* add = new QPushButton(tr("Add anchor %1").arg(token), line);
  add->setProperty("role", "link");
  add->setFocusPolicy(Qt::TabFocus);
  connect(add, &QPushButton::clicked, this, [this, token] { addRow(token); });
  row->addWidget(chip);
  row->addWidget(text, 1);
  row->addWidget(add);
  m_table->addWidget(line);
  m_missing.push_back(line);
}

void AnchorsCard::addRow(int token) {
  if (m_is_read_only)
    return;
  core::ExperimentSpec next = m_experiment;
  next.task.anchors.push_back({token, "x"});
  emit edited(next, tr("add anchor %1").arg(token), {});
  // The new operation is what one types next.
  if (m_rows.size() == next.task.anchors.size()) {
    auto* cell = qobject_cast<QPlainTextEdit*>(m_rows.back()->cell(AnchorRow::Operation));
    cell->setFocus(Qt::OtherFocusReason);
    cell->selectAll();
  }
}

void AnchorsCard::removeRow(int row) {
  if (m_is_read_only)
    return;
  core::ExperimentSpec next = m_experiment;
  const int token = next.task.anchors[static_cast<std::size_t>(row)].token;
  core::removeAnchor(next.task, static_cast<std::size_t>(row));
  emit edited(next, tr("remove anchor %1").arg(token), {});
  m_add->setFocus(Qt::OtherFocusReason);
}

bool AnchorsCard::eventFilter(QObject* object, QEvent* event) {
  const auto* completing = qobject_cast<CompletingEdit*>(object);
  const bool is_lists = completing != nullptr && completing->isCompleting();
  if (event->type() == QEvent::KeyPress && !is_lists) {
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool is_plain = (key->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
    for (AnchorRow* row : m_rows) {
      for (int column = 0; column < AnchorRow::kColumns && is_plain; ++column) {
        if (row->cell(column) == object)
          return walk(row, column, key->key()) || ComposerCard::eventFilter(object, event);
      }
    }
  }
  return ComposerCard::eventFilter(object, event);
}

/// Enter and Down: the row below, after the last one Add; Up: the row above; Left and Right at an
/// edge of the text: the cell beside.
bool AnchorsCard::walk(AnchorRow* row, int column, int key) {
  const auto index =
      static_cast<int>(std::find(m_rows.begin(), m_rows.end(), row) - m_rows.begin());
  const int n = static_cast<int>(m_rows.size());
  const auto go = [&](int to_row, int to_column) {
    QWidget* cell = m_rows[static_cast<std::size_t>(to_row)]->cell(to_column);
    cell->setFocus(Qt::TabFocusReason);
    if (auto* text = qobject_cast<QPlainTextEdit*>(cell))
      text->selectAll();
    else if (auto* line = qobject_cast<QLineEdit*>(cell))
      line->selectAll();
    return true;
  };
  switch (key) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Down:
      if (index + 1 < n)
        return go(index + 1, column);
      m_add->setFocus(Qt::TabFocusReason);
      return true;
    case Qt::Key_Up:
      return index > 0 ? go(index - 1, column) : true;
    case Qt::Key_Left:
      return isAtEdge(row->cell(column), key) && column > 0 && go(index, column - 1);
    case Qt::Key_Right:
      return isAtEdge(row->cell(column), key) && column + 1 < AnchorRow::kColumns &&
             go(index, column + 1);
    default:
      return false;
  }
}

}  // namespace anchorlens::widgets
