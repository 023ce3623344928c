// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/predictions/group_view.h"

#include "widgets/arrow_keys.h"
#include "widgets/colour_map.h"
#include "widgets/fonts.h"
#include "widgets/number_format.h"
#include "widgets/run_history.h"
#include "widgets/text_paint.h"

#include <QEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

std::vector<GroupCurve> groupCurves(std::size_t n_groups, const std::vector<core::Metrics>& metrics,
                                    std::size_t most) {
  std::vector<Series> series(n_groups);
  for (const core::Metrics& row : metrics) {
    for (const core::GroupMetrics& group : row.groups) {
      const auto i = static_cast<std::size_t>(group.group);
      if (i < n_groups && group.n > 0) {
        series[i].add(static_cast<double>(row.step), group.accuracy);
      }
    }
  }
  std::vector<GroupCurve> curves;
  for (Series& one : series) {
    while (one.size() > most) {
      one.thin(most);
    }
    curves.push_back({std::move(one.steps), std::move(one.values)});
  }
  return curves;
}

GroupView::GroupView(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Accuracy by group"));
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
  update();
}

void GroupView::setCurves(std::vector<GroupCurve> curves) {
  m_curves = std::move(curves);
  update();
}

void GroupView::setTheme(const Theme& theme) {
  m_theme = theme;
  update();
}

QRectF GroupView::cellRect(int row, int column) const {
  const double f = basePixelSize(*this);
  double names = f * 4;
  for (const QString& name : m_matrix.rows)
    names = std::max(names, textWidth(name, textFont(f - 1)) + f);
  const double width = f * 10.5;
  return {names + column * width, f * 2.2 + row * f * 2.3, width - f * 0.6, f * 2};
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
    return tr("%1: no sequences").arg(name);
  return tr("%1: accuracy %2, loss %3, %4 sequences")
      .arg(name, formatScore(cell.accuracy), formatLoss(cell.loss), formatInteger(cell.n));
}

void GroupView::point(int row, int column) {
  m_row = std::clamp(row, 0, static_cast<int>(m_matrix.rows.size()) - 1);
  m_column = std::clamp(column, 0, static_cast<int>(m_matrix.columns.size()) - 1);
  setAccessibleDescription(description(m_row, m_column));
  update();
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
    const auto* help = dynamic_cast<QHelpEvent*>(event);
    for (int row = 0; help != nullptr && row < m_matrix.rows.size(); ++row) {
      for (int column = 0; column < m_matrix.columns.size(); ++column) {
        if (cellRect(row, column).contains(help->pos())) {
          QToolTip::showText(help->globalPos(), description(row, column), this);
          return true;
        }
      }
    }
    QToolTip::hideText();
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
  for (int row = 0; row < m_matrix.rows.size(); ++row) {
    for (int column = 0; column < m_matrix.columns.size(); ++column) {
      if (cellRect(row, column).contains(event->position()))
        point(row, column);
    }
  }
}

void GroupView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange)
    updateGeometry();
  QWidget::changeEvent(event);
}

void GroupView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const double f = basePixelSize(*this);
  for (int column = 0; column < m_matrix.columns.size(); ++column) {
    QRectF head = cellRect(0, column);
    head.moveTop(0);
    const QFont font = textFont(f - 1);
    paintText(painter, head, Qt::AlignLeft | Qt::AlignVCenter,
              elided(m_matrix.columns[column], font, head.width()), font, m_theme.text_second);
  }
  for (int row = 0; row < m_matrix.rows.size(); ++row) {
    QRectF name = cellRect(row, 0);
    name.setLeft(0);
    paintText(painter, name, Qt::AlignLeft | Qt::AlignVCenter, m_matrix.rows[row], textFont(f - 1),
              m_theme.text);
    for (int column = 0; column < m_matrix.columns.size(); ++column)
      paintCell(painter, row, column);
  }
}

void GroupView::paintCell(QPainter& painter, int row, int column) const {
  const double f = basePixelSize(*this);
  const GroupCell& cell = m_matrix.at(row, column);
  const QRectF box = cellRect(row, column);
  if (cell.group >= 0 && cell.n > 0) {
    const QRgb colour = colourAt(ColourMap::Viridis, cell.accuracy);
    QRectF square = box;
    square.setWidth(f * 3.6);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(colour));
    painter.drawRoundedRect(square, 3, 3);
    paintText(painter, square, Qt::AlignHCenter | Qt::AlignVCenter, formatScore(cell.accuracy),
              monoFont(f - 1, Weight::SemiBold), textOn(colour));
    const auto i = static_cast<std::size_t>(cell.group);
    if (i < m_curves.size())
      paintCurve(painter, box.adjusted(f * 4, 2, 0, -2), m_curves[i]);
  } else if (cell.group >= 0) {
    paintText(painter, box, Qt::AlignLeft | Qt::AlignVCenter, tr("no sequences"), textFont(f - 2),
              m_theme.text_muted);
  }
  if (row == m_row && column == m_column && hasFocus()) {
    painter.setPen(QPen(m_theme.accent, m_theme.borderWidth()));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), 4, 4);
  }
}

void GroupView::paintCurve(QPainter& painter, const QRectF& box, const GroupCurve& curve) const {
  painter.setPen(Qt::NoPen);
  painter.setBrush(m_theme.plot);
  painter.drawRect(box);
  if (curve.steps.size() < 2 || curve.steps.back() <= 0)
    return;
  const double last = std::max(curve.steps.back(), static_cast<double>(m_step));
  QPainterPath path;
  for (std::size_t i = 0; i < curve.steps.size(); ++i) {
    const QPointF at(box.left() + box.width() * curve.steps[i] / last,
                     box.bottom() - box.height() * curve.accuracy[i]);
    if (i == 0)
      path.moveTo(at);
    else
      path.lineTo(at);
  }
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(m_theme.accent, 1.2));
  painter.drawPath(path);
  const double x = box.left() + box.width() * static_cast<double>(m_step) / last;
  painter.setPen(QPen(m_theme.time_cursor, 1));
  painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()));
}

}  // namespace anchorlens::widgets
