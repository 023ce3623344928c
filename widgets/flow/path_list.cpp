// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/flow/path_list.h"

#include "widgets/fonts.h"
#include "widgets/head_map.h"
#include "widgets/text_paint.h"

#include <QHelpEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

QString roleName(TokenRole role) {
  switch (role) {
    case TokenRole::Anchor:
      return PathList::tr("anchor");
    case TokenRole::Key:
      return PathList::tr("key");
    case TokenRole::Answer:
    case TokenRole::Noise:
      break;
  }
  return {};
}

}  // namespace

PathList::PathList(QWidget* parent) : QWidget(parent) {
  setAccessibleName(tr("Path"));
}

void PathList::addToken(const FlowGraph& graph, int position, int boundary) {
  Row row;
  row.is_token = true;
  row.token = graph.tokens[static_cast<std::size_t>(position)];
  row.text = tr("position %1").arg(position);
  const bool is_last = position == graph.output();
  row.right = is_last && boundary > 0 ? tr("last position") : roleName(row.token.role);
  m_rows.push_back(row);
}

void PathList::setRoute(const FlowGraph& graph, int route) {
  const std::vector<Row> before = std::exchange(m_rows, {});
  const auto i = static_cast<std::size_t>(route);
  if (route >= 0 && i < graph.routes.size()) {
    const FlowRoute& shown = graph.routes[i];
    addToken(graph, shown.positions.front(), 0);
    for (const FlowStep& step : shown.path.steps) {
      if (!step.isEdge())
        continue;
      Row row;
      const BadgeInfo* badge = graph.badge(step.layer, step.head);
      if (badge != nullptr && badge->state == core::LabelState::Entered)
        row.badge = *badge;
      row.text = headName(step.layer, step.head);
      row.right = QString::number(static_cast<double>(step.weight), 'f', 2);
      m_rows.push_back(row);
      addToken(graph, step.to, step.layer + 1);
    }
    if (!graph.predicted.isEmpty()) {
      Row row;
      row.is_token = true;
      row.token = {graph.predicted, TokenRole::Answer};
      row.text = tr("output");
      row.right =
          graph.predicted == graph.answer ? tr("correct") : tr("should be %1").arg(graph.answer);
      m_rows.push_back(row);
    }
  }
  if (m_rows.size() != before.size())
    updateGeometry();
  if (m_rows != before) {
    setAccessibleDescription(lines().join(QStringLiteral("; ")));
    update();
  }
}

void PathList::setTheme(const Theme& theme) {
  m_theme = theme;
  update();
}

QStringList PathList::lines() const {
  QStringList lines;
  for (const Row& row : m_rows) {
    QStringList parts{row.is_token ? row.token.text : row.badge.text, row.text, row.right};
    parts.removeAll(QString());
    lines << parts.join(QStringLiteral(", "));
  }
  return lines;
}

double PathList::rowHeight() const {
  return std::round(basePixelSize(*this) * 2);
}

QSize PathList::sizeHint() const {
  return {200, static_cast<int>(rowHeight() * static_cast<double>(m_rows.size()))};
}

std::vector<PlacedText> PathList::texts() const {
  std::vector<PlacedText> texts;
  double y = 0;
  for (const QString& line : lines()) {
    texts.push_back({QRectF(0, y, width(), rowHeight()), line});
    y += rowHeight();
  }
  return texts;
}

bool PathList::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    tellTextUnder(*static_cast<QHelpEvent*>(event), texts(), *this);
    return true;
  }
  return QWidget::event(event);
}

void PathList::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange)
    updateGeometry();
  QWidget::changeEvent(event);
}

void PathList::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const double f = basePixelSize(*this);
  const double row_height = rowHeight();
  const double column = f * 3.4;  ///< of the tokens
  const QFont plain = textFont(f - 1);
  const QFont mono = monoFont(f - 1);
  for (std::size_t i = 0; i < m_rows.size(); ++i) {
    const Row& row = m_rows[i];
    const QRectF box(0, static_cast<double>(i) * row_height, width(), row_height);
    const bool is_right = row.token.role != TokenRole::Answer || row.right == tr("correct");
    const QColor colour = is_right ? m_theme.text_second : m_theme.error;
    if (row.is_token) {
      paintToken(painter, QRectF(0, box.top(), column, row_height), row.token, f, m_theme);
      const double beside = row.right.isEmpty() ? 0 : textWidth(row.right, plain) + f * 0.5;
      const QRectF text = box.adjusted(column + f * 0.6, 0, -beside, 0);
      paintText(painter, text, Qt::AlignLeft | Qt::AlignVCenter,
                elided(row.text, plain, text.width()), plain, m_theme.text);
      paintText(painter, box, Qt::AlignRight | Qt::AlignVCenter, row.right, plain, colour);
      continue;
    }
    const bool is_labelled = row.badge.state == core::LabelState::Entered;
    const QColor hue = row.badge.mechanism == Mechanism::None || !is_labelled
                           ? m_theme.text_muted
                           : m_theme.mechanism(row.badge.mechanism);
    painter.setPen(QPen(hue, 2.5));
    painter.drawLine(QPointF(column / 2, box.top() + 2), QPointF(column / 2, box.bottom() - 2));
    double x = column + f * 0.6;
    if (is_labelled && row.badge.mechanism != Mechanism::None) {
      paintMechanismIcon(painter, QRectF(x, box.center().y() - f * 0.45, f * 0.9, f * 0.9),
                         row.badge.mechanism, hue);
      x += f * 1.3;
    }
    const QString values = row.text + QStringLiteral("  ") + row.right;
    if (is_labelled) {
      const QFont bold = textFont(f - 1, Weight::SemiBold);
      const double room = box.right() - textWidth(values, mono) - f * 0.5 - x;
      paintText(painter, QRectF(x, box.top(), room, row_height), Qt::AlignLeft | Qt::AlignVCenter,
                elided(row.badge.text, bold, room), bold, m_theme.text);
    }
    paintText(painter, box, Qt::AlignRight | Qt::AlignVCenter, values, mono, m_theme.text);
  }
}

}  // namespace anchorlens::widgets
