// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/predictions/group_view.h"

#include "widgets/accessible_views.h"
#include "widgets/arrow_keys.h"
#include "widgets/fonts.h"
#include "widgets/number_format.h"

#include <QEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

GroupView::GroupView(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(groupValueTitle(m_value));
  describeAsTable(
      *this,
      {[this] { return static_cast<int>(m_matrix.rows.size()); },
       [this] { return static_cast<int>(m_matrix.columns.size()); },
       [this](int row, int column) { return description(row, column); },
       [this](int row, int column) { return cellRect(row, column).toRect(); },
       [this] { return m_row >= 0 ? std::optional(std::pair(m_row, m_column)) : std::nullopt; }});
}

void GroupView::setMatrix(GroupMatrix matrix, std::int64_t step) {
  const bool is_other_shape = matrix.rows != m_matrix.rows || matrix.columns != m_matrix.columns;
  m_matrix = std::move(matrix);
  m_step = step;
  if (is_other_shape) {
    m_row = m_column = -1;
    updateGeometry();
  }
  if (m_row >= 0)
    setAccessibleDescription(description(m_row, m_column));
  tellCurrentCell(*this);
  update();
}

void GroupView::setCurves(std::vector<GroupCurve> curves) {
  m_curves = std::move(curves);
  update();
}

void GroupView::setValue(GroupValue value) {
  m_value = value;
  setAccessibleName(groupValueTitle(value));
  update();
}

QString GroupView::scaleText() const {
  return m_value == GroupValue::Loss ? lossScaleText(m_curves) : QString();
}

void GroupView::setTheme(const Theme& theme) {
  m_theme = theme;
  update();
}

QRectF GroupView::cellRect(int row, int column) const {
  return groupCell(m_matrix, basePixelSize(*this), row, column);
}

QSize GroupView::sizeHint() const {
  if (m_matrix.isEmpty())
    return {200, 60};
  const QRectF last = cellRect(static_cast<int>(m_matrix.rows.size()) - 1,
                               static_cast<int>(m_matrix.columns.size()) - 1);
  return {static_cast<int>(std::ceil(last.right() + 2)),
          static_cast<int>(std::ceil(last.bottom() + 4))};
}

QString GroupView::description(int row, int column) const {
  const GroupCell& cell = m_matrix.at(row, column);
  const QString name = m_matrix.rows[row] + QStringLiteral(", ") + m_matrix.columns[column];
  if (cell.n == 0)
    return name + QStringLiteral(": ") + emptyGroupText(cell);
  return tr("%1: accuracy %2, loss %3, %4 sequences")
      .arg(name, formatScore(cell.accuracy), formatLoss(cell.loss), formatInteger(cell.n));
}

void GroupView::point(int row, int column) {
  m_row = std::clamp(row, 0, static_cast<int>(m_matrix.rows.size()) - 1);
  m_column = std::clamp(column, 0, static_cast<int>(m_matrix.columns.size()) - 1);
  setAccessibleDescription(description(m_row, m_column));
  update();
}

std::optional<std::pair<int, int>> GroupView::cellAt(QPointF at) const {
  for (int row = 0; row < m_matrix.rows.size(); ++row) {
    for (int column = 0; column < m_matrix.columns.size(); ++column) {
      if (cellRect(row, column).contains(at))
        return std::pair(row, column);
    }
  }
  return std::nullopt;
}

std::vector<PlacedText> GroupView::textsAt(QPointF at) const {
  std::vector<PlacedText> texts;
  if (const auto cell = cellAt(at))
    texts.push_back({cellRect(cell->first, cell->second), description(cell->first, cell->second)});
  for (int column = 0; column < m_matrix.columns.size(); ++column) {
    const QRectF first = cellRect(0, column);
    texts.push_back(
        {QRectF(first.left(), 0, first.width(), first.top()), m_matrix.columns[column]});
  }
  return texts;
}

bool GroupView::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = dynamic_cast<QKeyEvent*>(event);
    if (key != nullptr && key->modifiers() == Qt::NoModifier && isArrow(key->key())) {
      event->accept();
      return true;
    }
  }
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    tellTextUnder(*help, textsAt(help->pos()), *this);
    return true;
  }
  return QWidget::event(event);
}

void GroupView::keyPressEvent(QKeyEvent* event) {
  if (m_matrix.isEmpty() || event->modifiers() != Qt::NoModifier || !isArrow(event->key())) {
    event->ignore();
    return;
  }
  if (m_row < 0) {
    point(0, 0);
    return;
  }
  const int down = event->key() == Qt::Key_Down ? 1 : event->key() == Qt::Key_Up ? -1 : 0;
  const int right = event->key() == Qt::Key_Right ? 1 : event->key() == Qt::Key_Left ? -1 : 0;
  point(m_row + down, m_column + right);
}

void GroupView::mousePressEvent(QMouseEvent* event) {
  if (const auto cell = cellAt(event->position()))
    point(cell->first, cell->second);
}

void GroupView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange)
    updateGeometry();
  QWidget::changeEvent(event);
}

void GroupView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  GroupPaintOptions options;
  options.value = m_value;
  options.font_px = basePixelSize(*this);
  paintGroups(painter, {0, 0}, m_matrix, m_curves, m_step, options, m_theme);
  if (m_row < 0 || m_row >= m_matrix.rows.size() || !hasFocus())
    return;
  painter.setPen(QPen(m_theme.accent, m_theme.borderWidth()));
  painter.setBrush(Qt::NoBrush);
  painter.drawRoundedRect(cellRect(m_row, m_column).adjusted(-2, -2, 2, 2), 4, 4);
}

}  // namespace anchorlens::widgets
