// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/flow/flow_canvas.h"

#include "widgets/fonts.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"

#include <QEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <utility>

namespace anchorlens::widgets {

namespace {

constexpr double kReach = 5;

bool isOurs(const QKeyEvent& key) {
  return key.modifiers() == Qt::NoModifier &&
         (key.key() == Qt::Key_Up || key.key() == Qt::Key_Down || key.key() == Qt::Key_Escape);
}

}  // namespace

FlowCanvas::FlowCanvas(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setAccessibleName(tr("Information flow"));
}

FlowPaintOptions FlowCanvas::options() const {
  FlowPaintOptions options;
  options.font_px = basePixelSize(*this);
  options.route = m_route;
  options.pixel_ratio = devicePixelRatioF();
  return options;
}

void FlowCanvas::layOut() {
  m_layout = layoutFlow(QRectF(rect()).adjusted(0, 0, -4, 0), m_graph, options());
  update();
}

void FlowCanvas::setGraph(FlowGraph graph) {
  const bool is_other_shape = graph.length != m_graph.length ||
                              graph.n_layers != m_graph.n_layers ||
                              graph.is_mean != m_graph.is_mean;
  // What the pointer rests on stays under it while time goes on.
  m_graph = std::move(graph);
  if (m_hovered)
    m_hovered = is_other_shape ? std::nullopt : drawnEdge(m_graph, options(), *m_hovered);
  showSelected();
  if (is_other_shape)
    layOut();
  update();
}

void FlowCanvas::setRoute(int route) {
  m_route = route;
  if (m_hovered)
    m_hovered = drawnEdge(m_graph, options(), *m_hovered);
  update();
}

void FlowCanvas::setEmptyText(const QString& text) {
  m_empty_text = text;
  update();
}

void FlowCanvas::setTheme(const Theme& theme) {
  m_theme = theme;
  update();
}

void FlowCanvas::setLinkedCell(Cell cell) {
  if (cell != m_linked) {
    m_linked = cell;
    update();
  }
}

/// -1: the graph lacks it.
int FlowCanvas::indexOf(const FlowEdge& edge) const {
  const auto& edges = m_graph.edges;
  const auto at = std::find_if(edges.begin(), edges.end(),
                               [&edge](const FlowEdge& e) { return e.isSame(edge); });
  return at == edges.end() ? -1 : static_cast<int>(at - edges.begin());
}

void FlowCanvas::select(std::optional<FlowEdge> edge) {
  m_wanted = edge;
  showSelected();
  update();
}

/// The selected edge has another weight in another graph, or is not in it.
void FlowCanvas::showSelected() {
  m_selected.reset();
  if (const int at = m_wanted ? indexOf(*m_wanted) : -1; at >= 0)
    m_selected = m_graph.edges[static_cast<std::size_t>(at)];
  setAccessibleDescription(m_selected ? edgeDescription(m_graph, *m_selected) : QString());
}

/// A copy: who is told may set another graph.
void FlowCanvas::choose(FlowEdge edge) {
  select(edge);
  emit edgeSelected(edge);
}

void FlowCanvas::hover(std::optional<FlowEdge> edge) {
  if (edge == m_hovered)
    return;
  m_hovered = edge;
  update();
  emit cellHovered(edge ? edge->cell() : Cell{});
}

/// The next stronger (by > 0) or weaker edge; the strongest when none is selected.
void FlowCanvas::step(int by) {
  const auto n = static_cast<int>(m_graph.edges.size());
  if (n == 0)
    return;
  int next = n - 1;
  if (m_selected)
    next = std::clamp(indexOf(*m_selected) + by, 0, n - 1);
  choose(m_graph.edges[static_cast<std::size_t>(next)]);
}

bool FlowCanvas::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = dynamic_cast<QKeyEvent*>(event);
    if (key != nullptr && isOurs(*key) && (key->key() != Qt::Key_Escape || m_selected)) {
      event->accept();
      return true;
    }
  }
  return QWidget::event(event);
}

void FlowCanvas::keyPressEvent(QKeyEvent* event) {
  if (!isOurs(*event) || (event->key() == Qt::Key_Escape && !m_selected)) {
    event->ignore();
    return;
  }
  if (event->key() == Qt::Key_Escape) {
    select(std::nullopt);
    emit selectionCleared();
  } else {
    step(event->key() == Qt::Key_Up ? 1 : -1);
  }
}

void FlowCanvas::mouseMoveEvent(QMouseEvent* event) {
  hover(m_graph.isEmpty() ? std::nullopt
                          : flowEdgeAt(m_layout, m_graph, options(), event->position(), kReach));
}

void FlowCanvas::mousePressEvent(QMouseEvent* event) {
  mouseMoveEvent(event);
  if (m_hovered) {
    choose(*m_hovered);
  } else if (m_selected) {
    select(std::nullopt);
    emit selectionCleared();
  }
}

void FlowCanvas::leaveEvent(QEvent* event) {
  hover(std::nullopt);
  QWidget::leaveEvent(event);
}

void FlowCanvas::resizeEvent(QResizeEvent*) {
  layOut();
}

void FlowCanvas::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange)
    layOut();
  QWidget::changeEvent(event);
}

void FlowCanvas::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  if (m_graph.isEmpty()) {
    painter.setFont(textFont(basePixelSize(*this)));
    painter.setPen(m_theme.text_second);
    painter.drawText(rect().adjusted(24, 24, -24, -24),
                     Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, m_empty_text);
    return;
  }
  const FlowPaintOptions with = options();
  paintFlow(painter, m_layout, m_graph, with, m_theme);
  if (m_linked.isValid() && !m_hovered) {
    for (const FlowEdge& edge : m_graph.edges) {
      if (edge.cell() == m_linked)
        paintFlowEdge(painter, m_layout, m_graph, edge, m_theme.text_second, with);
    }
  }
  if (m_selected)
    paintFlowEdge(painter, m_layout, m_graph, *m_selected, m_theme.accent, with);
  if (m_hovered) {
    paintFlowEdge(painter, m_layout, m_graph, *m_hovered, m_theme.text, with);
    paintTip(painter, *m_hovered);
  } else if (m_selected && hasFocus()) {
    paintTip(painter, *m_selected);
  }
  if (hasFocus()) {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.accent, m_theme.borderWidth()));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
  }
}

void FlowCanvas::paintTip(QPainter& painter, const FlowEdge& edge) const {
  const double f = basePixelSize(*this);
  const QFont bold = textFont(f - 1, Weight::SemiBold);
  const QFont plain = textFont(f - 1);
  const auto word = [this](int position) {
    return m_graph.is_mean ? tr("position %1").arg(position)
                           : tr("%1 at position %2")
                                 .arg(m_graph.tokens[static_cast<std::size_t>(position)].text)
                                 .arg(position);
  };
  const QString title = headName(edge.layer, edge.head, true);
  const QString first = tr("%1 → %2").arg(word(edge.source), word(edge.reader));
  const double chance = 1.0 / (m_graph.causal ? edge.reader + 1 : m_graph.length);
  QString second = tr("Attention %1, untrained %2")
                       .arg(formatScore(static_cast<double>(edge.weight)), formatScore(chance));
  if (m_graph.moved)
    second += tr(", value-weighted %1")
                  .arg(formatMapValue(m_graph.movedAt(edge.layer, edge.head, edge.cell())));
  const double line = f * 1.4;
  const double width =
      std::max({textWidth(title, bold), textWidth(first, plain), textWidth(second, plain)}) +
      f * 1.6;
  const QPointF middle = m_layout.edgePoint(edge.layer, edge.source, edge.reader, 0.5);
  QRectF box(middle.x() + 14, middle.y() - line * 3 - 10, width, line * 3 + f * 0.8);
  if (box.right() > this->width() - 4)
    box.moveRight(middle.x() - 14);
  box.moveTop(std::max(box.top(), 4.0));
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(m_theme.border, 1));
  painter.setBrush(m_theme.tooltip);
  painter.drawRoundedRect(box, 5, 5);
  QRectF row(box.left() + f * 0.8, box.top() + f * 0.4, width, line);
  paintText(painter, row, Qt::AlignLeft | Qt::AlignVCenter, title, bold, m_theme.text);
  row.translate(0, line);
  paintText(painter, row, Qt::AlignLeft | Qt::AlignVCenter, first, plain, m_theme.text);
  row.translate(0, line);
  paintText(painter, row, Qt::AlignLeft | Qt::AlignVCenter, second, plain, m_theme.text_second);
}

}  // namespace anchorlens::widgets
