// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/completing_edit.h"

#include "widgets/fonts.h"

#include <QKeyEvent>
#include <QListWidget>
#include <QScreen>

#include <algorithm>
#include <utility>

namespace anchorlens::widgets {

namespace {
constexpr int kLeastWord = 2;
constexpr int kMostRows = 8;
constexpr int kBetween = 3;  ///< spaces before what an entry means
}  // namespace

CompletingEdit::CompletingEdit(Completer completer, QWidget* parent)
    : PatternEdit(parent), m_completer(std::move(completer)) {
  m_list = new QListWidget;
  m_list->setWindowFlags(Qt::ToolTip);
  m_list->setAttribute(Qt::WA_ShowWithoutActivating);
  m_list->setFocusPolicy(Qt::NoFocus);
  m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_list->setAccessibleName(tr("Completions"));
  m_list->setProperty("role", "completions");
  connect(m_list, &QListWidget::itemClicked, this, [this] { accept(); });
}

CompletingEdit::~CompletingEdit() {
  delete m_list;
}

bool CompletingEdit::isCompleting() const {
  return m_list->isVisible();
}

QStringList CompletingEdit::completions() const {
  QStringList texts;
  for (const std::string& text : m_completions.texts)
    texts.append(QString::fromStdString(text));
  return texts;
}

void CompletingEdit::complete(bool on_request) {
  const QString before = text().left(textCursor().position());
  m_completions = m_completer(text().toStdString(), static_cast<int>(before.toUtf8().size()));
  const int word = m_completions.replaced.end - m_completions.replaced.begin;
  if (m_completions.texts.empty() || (!on_request && word < kLeastWord))
    m_list->hide();
  else
    showList();
}

void CompletingEdit::showList() {
  QStringList entries = completions();
  const auto longest =
      std::max_element(entries.begin(), entries.end(),
                       [](const QString& a, const QString& b) { return a.size() < b.size(); });
  const qsizetype column = longest->size() + kBetween;
  for (qsizetype i = 0; i < std::min<qsizetype>(entries.size(), std::ssize(m_completions.notes));
       ++i) {
    entries[i] = entries[i].leftJustified(column) +
                 QString::fromStdString(m_completions.notes[static_cast<std::size_t>(i)]);
  }
  m_list->clear();
  m_list->setFont(monoFont(basePixelSize(*this)));
  m_list->addItems(entries);
  m_list->setCurrentRow(0);
  const int rows = std::min(kMostRows, m_list->count());
  m_list->resize(std::max(160, m_list->sizeHintForColumn(0) + 40),
                 rows * m_list->sizeHintForRow(0) + 2 * m_list->frameWidth() + 4);
  QPoint at = viewport()->mapToGlobal(cursorRect().bottomLeft() + QPoint(0, 6));
  const QRect room = screen()->availableGeometry();
  at.setX(std::max(room.left(), std::min(at.x(), room.right() - m_list->width())));
  m_list->move(at);
  m_list->show();
}

void CompletingEdit::accept() {
  const auto row = static_cast<std::size_t>(std::max(0, m_list->currentRow()));
  m_list->hide();
  if (row >= m_completions.texts.size())
    return;
  const int word = m_completions.replaced.end - m_completions.replaced.begin;
  const auto rest = m_completions.texts[row].substr(static_cast<std::size_t>(word));
  insertPlainText(QString::fromStdString(rest));
}

bool CompletingEdit::keyInList(int key) {
  const int rows = m_list->count();
  switch (key) {
    case Qt::Key_Down:
    case Qt::Key_Up:
      m_list->setCurrentRow((m_list->currentRow() + (key == Qt::Key_Down ? 1 : rows - 1)) % rows);
      return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Tab:
      accept();
      return true;
    case Qt::Key_Escape:
      m_list->hide();
      return true;
    default:
      return false;
  }
}

bool CompletingEdit::event(QEvent* event) {
  // Tab takes an entry only while there is a list; else it leaves the line.
  if (event->type() == QEvent::KeyPress && m_list->isVisible() &&
      keyInList(static_cast<QKeyEvent*>(event)->key()))
    return true;
  return PatternEdit::event(event);
}

void CompletingEdit::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Space && (event->modifiers() & Qt::ControlModifier) != 0) {
    if (!isReadOnly())
      complete(true);
    return;
  }
  const QString before = text();
  PatternEdit::keyPressEvent(event);
  if (text() != before)
    complete(false);
  else if (event->key() != Qt::Key_Shift && event->key() != Qt::Key_Control)
    m_list->hide();
}

void CompletingEdit::focusOutEvent(QFocusEvent* event) {
  m_list->hide();
  PatternEdit::focusOutEvent(event);
}

}  // namespace anchorlens::widgets
