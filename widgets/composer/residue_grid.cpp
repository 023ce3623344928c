// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/residue_grid.h"

#include "engine/core/experiment/edit_held_out.h"
#include "widgets/fonts.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

constexpr double kLeastCell = 3;
constexpr double kMostCell = 12;
constexpr int kMostPositions = 48;

/// Of first..last, how many are remainder modulo modulus.
std::int64_t countResidue(std::int64_t first, std::int64_t last, int modulus, int remainder) {
  const auto upTo = [&](std::int64_t n) {
    // How many k <= n with k = remainder (mod modulus), counted from far below zero.
    return static_cast<std::int64_t>(
        std::floor(static_cast<double>(n - remainder) / static_cast<double>(modulus)));
  };
  return last < first ? 0 : upTo(last) - upTo(first - 1);
}

}  // namespace

ResidueGrid::ResidueGrid(QWidget* parent) : QWidget(parent) {
  setMouseTracking(true);
  setFocusPolicy(Qt::TabFocus);
  setAccessibleName(tr("Held-out keys by position"));
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ResidueGrid::setRule(const core::ResidueRule& rule, const core::Intervals& keys,
                          const std::vector<int>& positions) {
  m_rule = rule;
  m_rule.modulus = std::max(rule.modulus, 1);
  m_keys = core::joined(keys);
  m_positions = positions;
  m_first_key = m_keys.empty() ? 0 : m_keys.front().first;
  m_last_key = m_keys.empty() ? -1 : m_keys.back().last;
  const bool is_shifted = rule.of == core::ResidueRule::Of::KeyMinusPosition;
  if (is_shifted && !positions.empty() && !m_keys.empty()) {
    m_first_key += positions.front();
    m_last_key += positions.back();
  }
  if (m_marked && !exists(*m_marked))
    m_marked.reset();
  setVisible(!m_positions.empty() && m_last_key >= m_first_key);
  updateGeometry();
  update();
  emit told(m_marked ? cellText(*m_marked) : countText());
}

void ResidueGrid::setTheme(const Theme& theme) {
  m_theme = theme;
  update();
}

int ResidueGrid::residue(const Cell& cell) const {
  const int value = (cell.key - cell.position) % m_rule.modulus;
  return value < 0 ? value + m_rule.modulus : value;
}

bool ResidueGrid::exists(const Cell& cell) const {
  const bool is_shifted = m_rule.of == core::ResidueRule::Of::KeyMinusPosition;
  const int drawn = is_shifted ? cell.key - cell.position : cell.key;
  return std::binary_search(m_positions.begin(), m_positions.end(), cell.position) &&
         std::any_of(m_keys.begin(), m_keys.end(), [&](const core::Interval& interval) {
           return interval.first <= drawn && drawn <= interval.last;
         });
}

bool ResidueGrid::isHeldOut(const Cell& cell) const {
  return exists(cell) && residue(cell) == m_rule.remainder;
}

QString ResidueGrid::cellText(const Cell& cell) const {
  if (!exists(cell))
    return tr("Key %1 never stands at position %2").arg(cell.key).arg(cell.position);
  return tr("Key %1 at position %2: (%1 − %2) mod %3 = %4, %5")
      .arg(cell.key)
      .arg(cell.position)
      .arg(m_rule.modulus)
      .arg(residue(cell))
      .arg(isHeldOut(cell) ? tr("held out") : tr("trained"));
}

std::int64_t ResidueGrid::count(bool held_out_only) const {
  const bool is_shifted = m_rule.of == core::ResidueRule::Of::KeyMinusPosition;
  std::int64_t n = 0;
  for (const int position : m_positions) {
    const int by = is_shifted ? 0 : position;
    for (const core::Interval& interval : m_keys) {
      n += held_out_only ? countResidue(interval.first - by, interval.last - by, m_rule.modulus,
                                        m_rule.remainder)
                         : interval.last - interval.first + 1;
    }
  }
  return n;
}

QString ResidueGrid::countText() const {
  return tr("%1 of %2 key–position pairs are held out")
      .arg(formatInteger(count(true)), formatInteger(count(false)));
}

double ResidueGrid::labelWidth() const {
  return std::round(basePixelSize(*this) * 1.9);
}

int ResidueGrid::shownPositions() const {
  return m_positions.empty() ? 0 : std::min(m_positions.back() + 1, kMostPositions);
}

int ResidueGrid::shownKeys() const {
  const int fits = static_cast<int>((width() - labelWidth()) / kLeastCell);
  return std::clamp(m_last_key - m_first_key + 1, 0, std::max(fits, 1));
}

double ResidueGrid::cellWidth() const {
  return std::clamp((width() - labelWidth()) / std::max(shownKeys(), 1), kLeastCell, kMostCell);
}

double ResidueGrid::cellHeight() const {
  const double px = basePixelSize(*this);
  return std::clamp(std::round(px * 6 / std::max(shownPositions(), 1)), kLeastCell, 8.0);
}

QSize ResidueGrid::sizeHint() const {
  const double caption = basePixelSize(*this) * 1.4;
  return {260, static_cast<int>(std::ceil(cellHeight() * shownPositions() + caption))};
}

QRectF ResidueGrid::cellRect(const Cell& cell) const {
  return {labelWidth() + (cell.key - m_first_key) * cellWidth(), cell.position * cellHeight(),
          cellWidth(), cellHeight()};
}

std::optional<ResidueGrid::Cell> ResidueGrid::cellAt(const QPointF& position) const {
  const double x = (position.x() - labelWidth()) / cellWidth();
  const double y = position.y() / cellHeight();
  if (x < 0 || y < 0 || x >= shownKeys() || y >= shownPositions())
    return std::nullopt;
  return Cell{m_first_key + static_cast<int>(x), static_cast<int>(y)};
}

void ResidueGrid::paintEvent(QPaintEvent*) {
  if (shownKeys() == 0 || shownPositions() == 0)
    return;
  QPainter painter(this);
  const QColor held = m_theme.group(GroupLine::HeldOut, 1).color();
  const QColor trained = mixed(m_theme.plot, m_theme.text_muted, 0.22);
  const double gap = cellWidth() >= 4 ? 1 : 0.5;
  painter.setRenderHint(QPainter::Antialiasing);
  for (int position = 0; position < shownPositions(); ++position) {
    for (int i = 0; i < shownKeys(); ++i) {
      const Cell cell{m_first_key + i, position};
      if (exists(cell))
        painter.fillRect(cellRect(cell).adjusted(0, 0, -gap, -gap),
                         isHeldOut(cell) ? held : trained);
    }
  }
  if (m_marked) {
    painter.setPen(QPen(m_theme.accent, 2));
    painter.drawRect(cellRect(*m_marked).adjusted(-1, -1, 0, 0));
  }
  const double px = std::max(10.0, basePixelSize(*this) * 11 / 13);
  const QFont caption = textFont(px);
  const double bottom = cellHeight() * shownPositions();
  const double right = labelWidth() + shownKeys() * cellWidth();
  const QRectF below(labelWidth(), bottom + 2, right - labelWidth(), px * 1.3);
  paintText(painter, QRectF(0, 0, labelWidth() - 6, std::max(cellHeight(), px)), Qt::AlignRight,
            QStringLiteral("0"), caption, m_theme.text_muted);
  paintText(
      painter,
      QRectF(0, bottom - std::max(cellHeight(), px), labelWidth() - 6, std::max(cellHeight(), px)),
      Qt::AlignRight, QString::number(shownPositions() - 1), caption, m_theme.text_muted);
  paintText(painter, below, Qt::AlignLeft, QString::number(m_first_key), caption,
            m_theme.text_muted);
  paintText(painter, below, Qt::AlignRight, QString::number(m_first_key + shownKeys() - 1), caption,
            m_theme.text_muted);
  paintText(painter, below, Qt::AlignHCenter, tr("key across, position down"), caption,
            m_theme.text_muted);
}

void ResidueGrid::setMarked(std::optional<Cell> cell) {
  if (cell == m_marked)
    return;
  m_marked = cell;
  const QString text = m_marked ? cellText(*m_marked) : countText();
  setAccessibleDescription(text);
  update();
  emit told(text);
}

void ResidueGrid::mouseMoveEvent(QMouseEvent* event) {
  setMarked(cellAt(event->position()));
}

void ResidueGrid::leaveEvent(QEvent*) {
  setMarked(std::nullopt);
}

bool ResidueGrid::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->modifiers() == Qt::NoModifier && key->key() >= Qt::Key_Left &&
        key->key() <= Qt::Key_Down) {
      event->accept();
      return true;
    }
  }
  return QWidget::event(event);
}

void ResidueGrid::keyPressEvent(QKeyEvent* event) {
  if (event->key() < Qt::Key_Left || event->key() > Qt::Key_Down || shownKeys() == 0) {
    QWidget::keyPressEvent(event);
    return;
  }
  Cell cell = m_marked.value_or(Cell{m_first_key, m_positions.front()});
  cell.key += event->key() == Qt::Key_Right ? 1 : event->key() == Qt::Key_Left ? -1 : 0;
  cell.position += event->key() == Qt::Key_Down ? 1 : event->key() == Qt::Key_Up ? -1 : 0;
  cell.key = std::clamp(cell.key, m_first_key, m_first_key + shownKeys() - 1);
  cell.position = std::clamp(cell.position, 0, shownPositions() - 1);
  setMarked(cell);
}

void ResidueGrid::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  if (!m_positions.empty())
    setMarked(Cell{m_first_key, m_positions.front()});
}

void ResidueGrid::focusOutEvent(QFocusEvent* event) {
  QWidget::focusOutEvent(event);
  setMarked(std::nullopt);
}

}  // namespace anchorlens::widgets
