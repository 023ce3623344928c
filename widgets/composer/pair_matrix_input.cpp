// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/pair_matrix.h"
#include "widgets/fonts.h"
#include "widgets/panel_pattern.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>

#include <algorithm>
#include <utility>

namespace anchorlens::widgets {

namespace {

bool isMove(int key) {
  return key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down ||
         key == Qt::Key_Home || key == Qt::Key_End;
}

bool isOwnKey(int key) {
  return isMove(key) || key == Qt::Key_Space || key == Qt::Key_Return || key == Qt::Key_Enter ||
         key == Qt::Key_F2;
}

core::CombinationState nextState(core::CombinationState state) {
  using State = core::CombinationState;
  return state == State::Trained   ? State::HeldOut
         : state == State::HeldOut ? State::Relabelled
                                   : State::Trained;
}

}  // namespace

void PairMatrix::paintCellTo(int row, int column) {
  if (m_is_read_only || !cell(row, column).exists)
    return;
  if (m_last_painted == std::pair{row, column})
    return;
  m_last_painted = {row, column};
  emit paintRequested(row, column, m_brush, m_stroke);
}

void PairMatrix::mousePressEvent(QMouseEvent* event) {
  const auto at = cellAt(event->pos());
  if (!at || event->button() != Qt::LeftButton) {
    event->ignore();
    return;
  }
  endEdit(true);
  setCurrentCell(at->first, at->second);
  ++m_stroke;
  m_last_painted.reset();
  paintCellTo(at->first, at->second);
}

void PairMatrix::mouseMoveEvent(QMouseEvent* event) {
  if (!(event->buttons() & Qt::LeftButton))
    return;
  if (const auto at = cellAt(event->pos())) {
    setCurrentCell(at->first, at->second);
    paintCellTo(at->first, at->second);
  }
}

void PairMatrix::mouseReleaseEvent(QMouseEvent*) {
  m_last_painted.reset();
}

void PairMatrix::mouseDoubleClickEvent(QMouseEvent* event) {
  const auto at = cellAt(event->pos());
  if (at && cell(at->first, at->second).state == core::CombinationState::Relabelled)
    beginEdit();
}

void PairMatrix::keyPressEvent(QKeyEvent* event) {
  const bool is_here = rows() > 0 && columns() > 0;
  if (!is_here || !isOwnKey(event->key()) ||
      (event->modifiers() & ~Qt::KeypadModifier) != Qt::NoModifier) {
    QWidget::keyPressEvent(event);
    return;
  }
  switch (event->key()) {
    case Qt::Key_Left:
      setCurrentCell(m_row, m_column - 1);
      break;
    case Qt::Key_Right:
      setCurrentCell(m_row, m_column + 1);
      break;
    case Qt::Key_Up:
      setCurrentCell(m_row - 1, m_column);
      break;
    case Qt::Key_Down:
      setCurrentCell(m_row + 1, m_column);
      break;
    case Qt::Key_Home:
      setCurrentCell(m_row, 0);
      break;
    case Qt::Key_End:
      setCurrentCell(m_row, columns() - 1);
      break;
    case Qt::Key_Space:
      if (!m_is_read_only && cell(m_row, m_column).exists)
        emit paintRequested(m_row, m_column, nextState(cell(m_row, m_column).state), ++m_stroke);
      break;
    default:
      beginEdit();
  }
}

void PairMatrix::beginEdit() {
  if (m_is_read_only || !cell(m_row, m_column).exists || m_editor != nullptr)
    return;
  const PairCell& shown = cell(m_row, m_column);
  m_editor = new PatternEdit(this);
  m_editor->setKind(core::TextKind::Operation);
  m_editor->setAccessibleName(tr("Operation in training"));
  m_editor->setTheme(m_theme);
  m_editor->setText(shown.state == core::CombinationState::Relabelled ? shown.taught
                                                                      : QStringLiteral("x"));
  QRect box = cellRect(m_row, m_column);
  // Room for "80% x | 20% x+1", within the matrix.
  box.setWidth(std::max(box.width(), static_cast<int>(basePixelSize(*this) * 9)));
  if (box.right() > width())
    box.moveRight(width());
  m_editor->setFixedWidth(box.width());
  m_editor->move(box.left(), box.center().y() - m_editor->height() / 2);
  m_editor->installEventFilter(this);
  m_editor->selectAll();
  m_editor->show();
  m_editor->setFocus();
}

void PairMatrix::endEdit(bool take) {
  if (m_editor == nullptr)
    return;
  PatternEdit* editor = std::exchange(m_editor, nullptr);
  const QString text = editor->text().trimmed();
  const bool had_focus = editor->hasFocus();
  editor->removeEventFilter(this);
  editor->hide();
  editor->deleteLater();
  if (had_focus)
    setFocus();
  if (take && !text.isEmpty())
    emit relabelRequested(m_row, m_column, text);
}

bool PairMatrix::eventFilter(QObject* object, QEvent* event) {
  if (object != m_editor)
    return QWidget::eventFilter(object, event);
  if (event->type() == QEvent::FocusOut) {
    endEdit(true);
  } else if (event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Escape) {
      endEdit(key != Qt::Key_Escape);
      return true;
    }
  }
  return QWidget::eventFilter(object, event);
}

bool PairMatrix::event(QEvent* event) {
  // Arrows, Space and Enter belong to the matrix while it has the focus, not to the window.
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if ((key->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier && isOwnKey(key->key())) {
      event->accept();
      return true;
    }
  }
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    if (const auto at = cellAt(help->pos()))
      QToolTip::showText(help->globalPos(), cellText(at->first, at->second), this);
    else
      QToolTip::hideText();
    return true;
  }
  return QWidget::event(event);
}

void PairMatrix::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  update();
}

void PairMatrix::focusOutEvent(QFocusEvent* event) {
  QWidget::focusOutEvent(event);
  update();
}

void PairMatrix::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  endEdit(true);
}

}  // namespace anchorlens::widgets
