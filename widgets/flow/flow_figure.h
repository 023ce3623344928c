// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure/figure.h"
#include "widgets/flow/flow_graph.h"

namespace anchorlens::widgets {

/// The information-flow graph of one sequence with one of its routes drawn solid.
class FlowFigure : public FigureContent {
 public:
  /// `route`: index into the graph's routes.
  FlowFigure(FlowGraph graph, int route) : m_graph(std::move(graph)), m_route(route) {}
  QString view() const override { return QStringLiteral("flow"); }
  QString problem() const override;
  std::vector<std::int64_t> steps() const override { return {m_graph.step}; }
  double paint(const FigureCanvas& canvas, double top) const override;
  NumberTable numbers() const override;

 private:
  FlowGraph m_graph;
  int m_route = 0;
};

}  // namespace anchorlens::widgets
