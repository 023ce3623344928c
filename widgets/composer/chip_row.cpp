// SPDX-License-Identifier: GPL-3.0-or-later
// Showing and selecting; what changes the pattern is in chip_row_edit.cpp.
#include "widgets/composer/chip_row.h"

#include "widgets/fonts.h"

#include <QAccessible>
#include <QApplication>
#include <QHelpEvent>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <utility>

namespace anchorlens::widgets {

namespace {

constexpr double kStaleOpacity = 0.5;
constexpr int kMargin = 3;  ///< room for the ring of the selected chip

/// Keys that the chips have a use for although the window has them as shortcuts.
bool isOwnKey(const QKeyEvent& key) {
  const auto modifiers = key.modifiers() & ~Qt::KeypadModifier;
  switch (key.key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
      return modifiers == Qt::NoModifier || modifiers == Qt::AltModifier;
    case Qt::Key_Home:
    case Qt::Key_End:
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
    case Qt::Key_Insert:
    case Qt::Key_F2:
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Escape:
    case Qt::Key_Space:
      return modifiers == Qt::NoModifier;
    default:
      return false;
  }
}

}  // namespace

ChipRow::ChipRow(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
  setAccessibleName(tr("Chips of the pattern"));
  setAccessibleDescription(
      tr("Left and Right select, Alt+Left and Alt+Right move, F2 edits, Delete removes, Insert "
         "adds"));
}

void ChipRow::setPattern(const core::Pattern& pattern) {
  if (pattern == m_pattern && !m_line.chips.empty())
    return;
  finishEditing(false);
  const core::ItemPath path = selectedPath();
  m_pattern = pattern;
  rebuild(path);
}

void ChipRow::rebuild(const core::ItemPath& selected) {
  const auto kind = m_selected < static_cast<int>(m_line.chips.size())
                        ? m_line.chips[static_cast<std::size_t>(m_selected)].kind
                        : Chip::Kind::Item;
  m_line = chipsOf(m_pattern, !m_is_read_only);
  const auto found = std::find_if(m_line.chips.begin(), m_line.chips.end(), [&](const Chip& chip) {
    const bool is_item = chip.kind == Chip::Kind::Item || chip.kind == Chip::Kind::Open;
    return selected.empty() ? chip.kind == kind && !is_item : is_item && chip.path == selected;
  });
  m_selected = found == m_line.chips.end() ? 0 : static_cast<int>(found - m_line.chips.begin());
  layOut();
  announce();
  updateGeometry();
  update();
}

void ChipRow::layOut() {
  const double px = basePixelSize(*this);
  layOutChips(m_line.chips, std::max(1, width() - 2 * kMargin), px);
  for (Chip& chip : m_line.chips)
    chip.box.translate(kMargin, kMargin);
}

void ChipRow::announce() {
  const QString name = m_line.chips[static_cast<std::size_t>(m_selected)].name;
  if (name == accessibleName())
    return;
  setAccessibleName(name);
  if (hasFocus()) {
    QAccessibleEvent event(this, QAccessible::NameChanged);
    QAccessible::updateAccessibility(&event);
  }
}

void ChipRow::select(int chip) {
  if (chip < 0 || chip >= static_cast<int>(m_line.chips.size()) ||
      !m_line.chips[static_cast<std::size_t>(chip)].isSelectable())
    return;
  m_selected = chip;
  announce();
  update();
}

core::ItemPath ChipRow::selectedPath() const {
  if (m_selected >= static_cast<int>(m_line.chips.size()))
    return {};
  const Chip& chip = m_line.chips[static_cast<std::size_t>(m_selected)];
  const bool is_item = chip.kind == Chip::Kind::Item || chip.kind == Chip::Kind::Open;
  return is_item ? chip.path : core::ItemPath{};
}

int ChipRow::neighbour(int chip, int by) const {
  const int n = static_cast<int>(m_line.chips.size());
  for (int i = chip + by; i >= 0 && i < n; i += by) {
    if (m_line.chips[static_cast<std::size_t>(i)].isSelectable())
      return i;
  }
  return chip;
}

int ChipRow::chipAt(QPointF position) const {
  for (std::size_t i = 0; i < m_line.chips.size(); ++i) {
    if (m_line.chips[i].isSelectable() && m_line.chips[i].box.contains(position))
      return static_cast<int>(i);
  }
  return -1;
}

void ChipRow::setReadOnly(bool read_only) {
  if (read_only == m_is_read_only)
    return;
  m_is_read_only = read_only;
  rebuild(selectedPath());
}

void ChipRow::setStale(bool stale) {
  if (stale == m_is_stale)
    return;
  m_is_stale = stale;
  setToolTip(stale ? tr("The last pattern that could be read") : QString());
  update();
}

void ChipRow::setTheme(const Theme& theme) {
  m_theme = theme;
  update();
}

QSize ChipRow::sizeHint() const {
  const int width = std::max(200, this->width());
  return {width, heightForWidth(width)};
}

QSize ChipRow::minimumSizeHint() const {
  return {120, heightForWidth(std::max(120, width()))};
}

int ChipRow::heightForWidth(int width) const {
  std::vector<Chip> chips = m_line.chips;
  const double height = layOutChips(chips, std::max(1, width - 2 * kMargin), basePixelSize(*this));
  return static_cast<int>(std::ceil(height)) + 2 * kMargin;
}

bool ChipRow::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    if (isOwnKey(*static_cast<QKeyEvent*>(event))) {
      event->accept();
      return true;
    }
  } else if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const int chip = chipAt(help->pos());
    const QString text = m_is_stale ? toolTip()
                         : chip < 0 ? QString()
                                    : m_line.chips[static_cast<std::size_t>(chip)].name;
    QToolTip::showText(help->globalPos(), text, this);
    return true;
  }
  return QWidget::event(event);
}

void ChipRow::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setOpacity(m_is_stale ? kStaleOpacity : 1.0);
  const double px = basePixelSize(*this);
  for (std::size_t i = 0; i < m_line.chips.size(); ++i) {
    const bool is_selected = static_cast<int>(i) == m_selected;
    paintChip(painter, m_line.chips[i], is_selected, hasFocus(), px, m_theme);
  }
  if (!m_is_dragging || !m_drop_gap)
    return;
  // The bar stands before the chip there, or behind the last one of the line above.
  const auto before = static_cast<std::size_t>(m_line.gaps[*m_drop_gap].before);
  QRectF box = m_line.chips[before].box;
  double x = box.left() - 3.5;
  if (before > 0 && m_line.chips[before - 1].box.top() < box.top()) {
    box = m_line.chips[before - 1].box;
    x = box.right() + 1.5;
  }
  painter.setOpacity(1);
  painter.fillRect(QRectF(x, box.top() - 2, 2.5, box.height() + 4), m_theme.accent);
}

void ChipRow::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  layOut();
  updateGeometry();
}

void ChipRow::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
    layOut();
    updateGeometry();
  }
}

void ChipRow::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  update();
}

void ChipRow::focusOutEvent(QFocusEvent* event) {
  QWidget::focusOutEvent(event);
  m_is_dragging = false;
  update();
}

void ChipRow::keyPressEvent(QKeyEvent* event) {
  const bool with_alt = (event->modifiers() & Qt::AltModifier) != 0;
  switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
      const int by = event->key() == Qt::Key_Left ? -1 : 1;
      if (with_alt)
        moveSelected(by);
      else
        select(neighbour(m_selected, by));
      return;
    }
    case Qt::Key_Home:
      select(neighbour(-1, 1));
      return;
    case Qt::Key_End:
      select(neighbour(static_cast<int>(m_line.chips.size()), -1));
      return;
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
      removeSelected();
      return;
    case Qt::Key_Insert:
      showAddMenu();
      return;
    case Qt::Key_F2:
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
      startEditing(m_selected);
      return;
    case Qt::Key_Escape:
      m_is_dragging = false;
      m_pressed_chip = -1;
      update();
      return;
    default:
      QWidget::keyPressEvent(event);
  }
}

void ChipRow::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton)
    return;
  m_press = event->position();
  m_pressed_chip = chipAt(event->position());
  if (m_pressed_chip >= 0)
    select(m_pressed_chip);
}

void ChipRow::mouseMoveEvent(QMouseEvent* event) {
  const bool is_pressed = (event->buttons() & Qt::LeftButton) != 0 && m_pressed_chip >= 0;
  if (!is_pressed || m_is_read_only || selectedPath().empty())
    return;
  if ((event->position() - m_press).manhattanLength() >= QApplication::startDragDistance())
    m_is_dragging = true;
  if (m_is_dragging) {
    setCursor(Qt::ClosedHandCursor);
    m_drop_gap = gapAt(event->position());
    update();
  }
}

void ChipRow::mouseReleaseEvent(QMouseEvent* event) {
  unsetCursor();
  const int pressed = std::exchange(m_pressed_chip, -1);
  if (std::exchange(m_is_dragging, false)) {
    drop();
    return;
  }
  const bool is_add = pressed >= 0 && pressed == chipAt(event->position()) &&
                      m_line.chips[static_cast<std::size_t>(pressed)].kind == Chip::Kind::Add;
  if (is_add)
    showAddMenu();
}

void ChipRow::mouseDoubleClickEvent(QMouseEvent* event) {
  const int chip = chipAt(event->position());
  if (chip >= 0)
    startEditing(chip);
}

}  // namespace anchorlens::widgets
