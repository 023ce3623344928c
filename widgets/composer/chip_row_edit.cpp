// SPDX-License-Identifier: GPL-3.0-or-later
// What changes the pattern: removing, moving, adding, editing in place.
#include "engine/core/language/complete.h"
#include "widgets/composer/chip_row.h"
#include "widgets/fonts.h"
#include "widgets/text_paint.h"

#include <QCompleter>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QStyle>

#include <algorithm>
#include <cmath>
#include <utility>

namespace anchorlens::widgets {

namespace {

using core::Item;

/// "anchor A", "key x", "token 3": what an undo step is about.
QString called(const Item& item) {
  const QString name = QString::fromStdString(item.name);
  switch (item.kind) {
    case Item::Kind::Gap:
    case Item::Kind::Noise:
      return ChipRow::tr("noise");
    case Item::Kind::Token:
      return ChipRow::tr("token %1").arg(item.token);
    case Item::Kind::Key:
      return ChipRow::tr("key %1").arg(name);
    case Item::Kind::Anchor:
      return ChipRow::tr("anchor %1").arg(name);
    case Item::Kind::Blocks:
      break;
  }
  return ChipRow::tr("blocks");
}

bool isVariable(const Item& item) {
  return item.kind == Item::Kind::Key || item.kind == Item::Kind::Anchor;
}

Item variable(Item::Kind kind, std::string name) {
  Item item;
  item.kind = kind;
  item.name = std::move(name);
  return item;
}

bool hasToken(const core::Sequence& items, int token) {
  return std::any_of(items.begin(), items.end(), [token](const Item& item) {
    return (item.kind == Item::Kind::Token && item.token == token) ||
           std::any_of(item.blocks.begin(), item.blocks.end(),
                       [token](const auto& block) { return hasToken(block, token); });
  });
}

}  // namespace

void ChipRow::apply(core::Pattern next, const core::ItemPath& selected, const QString& text) {
  if (next == m_pattern)
    return;
  m_pattern = std::move(next);
  rebuild(selected);
  emit edited(m_pattern, text);
}

void ChipRow::apply(const core::EditedItems& changed, const QString& text) {
  apply(core::Pattern{changed.items, m_pattern.target}, changed.at, text);
}

void ChipRow::removeSelected() {
  const core::ItemPath path = selectedPath();
  if (m_is_read_only || path.empty())
    return;
  const QString text = tr("remove %1").arg(called(*core::itemAt(m_pattern.items, path)));
  apply(core::removeItem(m_pattern.items, path), text);
}

void ChipRow::moveSelected(int by) {
  const core::ItemPath path = selectedPath();
  if (m_is_read_only || path.empty())
    return;
  const QString text = tr("move %1").arg(called(*core::itemAt(m_pattern.items, path)));
  apply(core::shiftItem(m_pattern.items, path, by), text);
}

std::optional<std::size_t> ChipRow::gapAt(QPointF position) const {
  // The nearest place in the line of the pointer; of places at the same edge the first.
  std::optional<std::size_t> nearest;
  double least = 0;
  for (std::size_t i = 0; i < m_line.gaps.size(); ++i) {
    const QRectF box = m_line.chips[static_cast<std::size_t>(m_line.gaps[i].before)].box;
    const double off_line = std::max({0.0, box.top() - position.y(), position.y() - box.bottom()});
    const double distance = std::abs(box.left() - position.x()) + 1000 * off_line;
    if (!nearest || distance < least) {
      nearest = i;
      least = distance;
    }
  }
  return nearest;
}

void ChipRow::drop() {
  const core::ItemPath path = selectedPath();
  const auto gap = std::exchange(m_drop_gap, std::nullopt);
  update();
  if (!gap || path.empty())
    return;
  const QString text = tr("move %1").arg(called(*core::itemAt(m_pattern.items, path)));
  apply(core::moveItem(m_pattern.items, path, m_line.gaps[*gap].path), text);
}

core::ItemPath ChipRow::placeToAdd() const {
  core::ItemPath path = selectedPath();
  if (!path.empty()) {
    ++path.back();
    return path;
  }
  // At the end, but before a gap that ends the sequence.
  const auto& items = m_pattern.items;
  const bool ends_in_gap = items.size() > 1 && items.back().kind == Item::Kind::Gap;
  return {static_cast<int>(items.size()) - (ends_in_gap ? 1 : 0)};
}

void ChipRow::add(Item::Kind kind) {
  Item item;
  item.kind = kind;
  if (isVariable(item)) {
    item.name = core::freshName(m_pattern, kind);
  } else if (kind == Item::Kind::Token) {
    item.token = 1;
    while (hasToken(m_pattern.items, item.token) ||
           std::find(m_anchor_tokens.begin(), m_anchor_tokens.end(), item.token) !=
               m_anchor_tokens.end())
      ++item.token;
  } else if (kind == Item::Kind::Blocks) {
    const std::string first = core::freshName(m_pattern, Item::Kind::Key);
    core::Pattern with_first = m_pattern;
    with_first.items.push_back(variable(Item::Kind::Key, first));
    item.blocks = {{variable(Item::Kind::Key, first)},
                   {variable(Item::Kind::Key, core::freshName(with_first, Item::Kind::Key))}};
  }
  apply(core::insertItems(m_pattern.items, placeToAdd(), {item}), tr("add %1").arg(called(item)));
  if (kind == Item::Kind::Token)
    startEditing(m_selected);
}

void ChipRow::addBlockHere() {
  const std::string name = core::freshName(m_pattern, Item::Kind::Key);
  apply(core::addBlock(m_pattern.items, selectedPath(), {variable(Item::Kind::Key, name)}),
        tr("add block"));
}

QMenu* ChipRow::addMenu() {
  delete m_menu.data();
  m_menu = new QMenu(this);
  m_menu->setAccessibleName(tr("Add an item"));
  const std::pair<QString, Item::Kind> kinds[] = {
      {tr("&Anchor"), Item::Kind::Anchor},
      {tr("&Key"), Item::Kind::Key},
      {tr("Fixed &token"), Item::Kind::Token},
      {tr("&Noise, any number"), Item::Kind::Gap},
      {tr("&One noise token"), Item::Kind::Noise},
      {tr("&Blocks in random order"), Item::Kind::Blocks},
  };
  for (const auto& [text, kind] : kinds)
    m_menu->addAction(text, this, [this, wanted = kind] { add(wanted); });
  const core::ItemPath path = selectedPath();
  const Item* item = core::itemAt(m_pattern.items, path);
  if (item != nullptr && (path.size() > 1 || item->kind == Item::Kind::Blocks))
    m_menu->addAction(tr("Another bloc&k"), this, [this] { addBlockHere(); });
  return m_menu;
}

void ChipRow::showAddMenu() {
  if (m_is_read_only)
    return;
  const QRectF box = m_line.chips[static_cast<std::size_t>(m_selected)].box;
  addMenu()->popup(
      mapToGlobal(QPoint(static_cast<int>(box.left()), static_cast<int>(box.bottom()) + 3)));
}

void ChipRow::startEditing(int index) {
  if (m_is_read_only || index < 0 || index >= static_cast<int>(m_line.chips.size()))
    return;
  finishEditing(false);
  select(index);
  const Chip& chip = m_line.chips[static_cast<std::size_t>(index)];
  if (chip.kind == Chip::Kind::Add) {
    showAddMenu();
    return;
  }
  if (!chip.isSelectable())
    return;
  QString text = chip.text;
  if (chip.kind == Chip::Kind::Open)
    text = QString::fromStdString(core::printSequence({*core::itemAt(m_pattern.items, chip.path)}));
  m_edited_chip = index;
  m_editor = new QLineEdit(text, this);
  m_editor->setProperty("role", "mono");
  m_editor->setAccessibleName(tr("Edit %1").arg(chip.name));
  m_editor->installEventFilter(this);
  if (chip.kind == Chip::Kind::Answer) {
    QStringList answers;
    for (const std::string& answer : core::suggestedTargets(m_pattern.items))
      answers.append(QString::fromStdString(answer));
    m_editor->setCompleter(new QCompleter(answers, m_editor));
  }
  connect(m_editor, &QLineEdit::returnPressed, this, [this] { finishEditing(true); });
  const double px = basePixelSize(*this);
  const int wanted = static_cast<int>(textWidth(text, monoFont(px)) + px * 4);
  const int width = std::min(this->width(), std::max(static_cast<int>(chip.box.width()), wanted));
  const int height = static_cast<int>(chip.box.height()) + 2;
  const int x = std::min(static_cast<int>(chip.box.left()), std::max(0, this->width() - width));
  m_editor->setGeometry(x, static_cast<int>(chip.box.top()) - 1, width, height);
  m_editor->show();
  m_editor->selectAll();
  m_editor->setFocus(Qt::OtherFocusReason);
}

bool ChipRow::finishEditing(bool keep) {
  if (m_editor == nullptr)
    return true;
  const std::string text = m_editor->text().toStdString();
  const Chip chip = m_line.chips[static_cast<std::size_t>(m_edited_chip)];
  const bool is_answer = chip.kind == Chip::Kind::Answer;
  const auto target = is_answer ? core::parseTarget(text)
                                : core::Expected<core::Expr, core::LanguageError>(core::Expr{});
  const auto items = is_answer
                         ? core::Expected<core::Sequence, core::LanguageError>(core::Sequence{})
                         : core::parseItems(text);
  if (keep && (!target || !items)) {
    const auto& error = target ? items.error() : target.error();
    m_editor->setProperty("state", "problem");
    m_editor->style()->polish(m_editor);
    m_editor->setSelection(error.column, error.length);
    emit problem(QString::fromStdString(error.message));
    return false;
  }
  emit problem({});
  QLineEdit* editor = std::exchange(m_editor, nullptr);
  const bool leaves = editor->property("leaves").toBool();
  editor->removeEventFilter(this);
  editor->hide();
  editor->deleteLater();
  if (!leaves)
    setFocus(Qt::OtherFocusReason);
  if (!keep)
    return true;
  if (is_answer)
    apply(core::Pattern{m_pattern.items, *target}, {}, tr("change answer"));
  else
    replaceEdited(*items);
  return true;
}

void ChipRow::replaceEdited(const core::Sequence& with) {
  const core::ItemPath path = m_line.chips[static_cast<std::size_t>(m_edited_chip)].path;
  const Item old = *core::itemAt(m_pattern.items, path);
  const bool is_rename = with.size() == 1 && isVariable(old) && with[0].kind == old.kind &&
                         core::countName(m_pattern.items, old.kind, old.name) == 1 &&
                         core::countName(m_pattern.items, old.kind, with[0].name) == 0;
  if (is_rename) {
    // The answer goes along: it means this variable.
    core::Pattern next = m_pattern;
    core::renameVariable(next, old.kind, old.name, with[0].name);
    apply(std::move(next), path, tr("rename %1").arg(called(old)));
    return;
  }
  apply(core::replaceItem(m_pattern.items, path, with), tr("change %1").arg(called(old)));
}

bool ChipRow::eventFilter(QObject* object, QEvent* event) {
  if (m_editor == nullptr || object != m_editor)
    return QWidget::eventFilter(object, event);
  if (event->type() == QEvent::KeyPress) {
    // A line edit passes these on: the chips would take them once more.
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Escape || key == Qt::Key_Return || key == Qt::Key_Enter) {
      finishEditing(key != Qt::Key_Escape);
      return true;
    }
  }
  const bool leaves = event->type() == QEvent::FocusOut &&
                      static_cast<QFocusEvent*>(event)->reason() != Qt::PopupFocusReason &&
                      static_cast<QFocusEvent*>(event)->reason() != Qt::ActiveWindowFocusReason;
  if (leaves)
    m_editor->setProperty("leaves", true);
  if (leaves && !finishEditing(true))
    finishEditing(false);  // what is no item is not kept
  return QWidget::eventFilter(object, event);
}

}  // namespace anchorlens::widgets
