// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/flow/flow_paint.h"

#include <QWidget>

#include <optional>

namespace anchorlens::widgets {

/// The graph on screen: one edge is under the pointer, one is selected (by click, or by Up and Down
/// from the strongest on).
class FlowCanvas : public QWidget {
  Q_OBJECT

 public:
  explicit FlowCanvas(QWidget* parent = nullptr);

  void setGraph(FlowGraph graph);
  void setRoute(int route);
  /// Shown in place of a graph when there is none: one sentence.
  void setEmptyText(const QString& text);
  void setTheme(const Theme& theme);
  /// The cell that another view hovers.
  void setLinkedCell(Cell cell);

  const FlowGraph& graph() const { return m_graph; }
  const FlowLayout& flowLayout() const { return m_layout; }
  const std::optional<FlowEdge>& selected() const { return m_selected; }
  /// The same, also while the graph lacks it.
  const std::optional<FlowEdge>& wanted() const { return m_wanted; }
  void select(std::optional<FlowEdge> edge);
  QSize sizeHint() const override { return {720, 420}; }
  QSize minimumSizeHint() const override { return {320, 220}; }

 signals:
  void edgeSelected(const anchorlens::widgets::FlowEdge& edge);
  void selectionCleared();
  void cellHovered(anchorlens::widgets::Cell cell);

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  FlowPaintOptions options() const;
  void layOut();
  void hover(std::optional<FlowEdge> edge);
  void choose(FlowEdge edge);
  void showSelected();
  int indexOf(const FlowEdge& edge) const;
  void step(int by);
  void paintTip(QPainter& painter, const FlowEdge& edge) const;

  FlowGraph m_graph;
  FlowLayout m_layout;
  Theme m_theme = Theme::dark();
  QString m_empty_text;
  int m_route = 0;
  std::optional<FlowEdge> m_hovered;   ///< as it is drawn
  std::optional<FlowEdge> m_wanted;    ///< selected, also while the graph lacks it
  std::optional<FlowEdge> m_selected;  ///< as it is in the graph
  Cell m_linked;
};

}  // namespace anchorlens::widgets
