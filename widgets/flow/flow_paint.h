// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/flow/flow_graph.h"

#include <QPainterPath>
#include <QRectF>

#include <optional>

class QPainter;

/// Painting of the flow graph, the same for the screen and for figures: embedding at the bottom,
/// layers upwards, the output on top.
namespace anchorlens::widgets {

struct FlowPaintOptions {
  double font_px = 13;
  double unit = 1;  ///< what is one pixel on screen
  bool text_as_paths = false;
  double pixel_ratio = 0;  ///< of the screen that is painted on; 0: everything as paths
  int route = 0;  ///< index into FlowGraph::routes that is drawn solid; none when out of range
};

struct FlowLayout {
  QRectF field;  ///< from the first to the last dot
  int length = 0;
  int n_layers = 0;
  double dot = 0;  ///< radius

  QPointF dotAt(int boundary, int position) const;
  /// From the source before a layer to the reader after it: one cubic curve.
  QPainterPath edgePath(int layer, int source, int reader) const;
  /// A point of it, t in 0..1.
  QPointF edgePoint(int layer, int source, int reader, double t) const;
};

/// Uses all of `area`.
FlowLayout layoutFlow(const QRectF& area, const FlowGraph& graph, const FlowPaintOptions& options);

void paintFlow(QPainter& painter, const FlowLayout& layout, const FlowGraph& graph,
               const FlowPaintOptions& options, const Theme& theme);

/// An edge drawn once more, above all others: selected or under the pointer.
void paintFlowEdge(QPainter& painter, const FlowLayout& layout, const FlowGraph& graph,
                   const FlowEdge& edge, const QColor& colour, const FlowPaintOptions& options);

/// An edge as it is drawn: among the graph's, or on the route however weak it is.
std::optional<FlowEdge> drawnEdge(const FlowGraph& graph, const FlowPaintOptions& options,
                                  const FlowEdge& edge);

/// What is on top within reach of a point: the route's edges, then the strongest.
std::optional<FlowEdge> flowEdgeAt(const FlowLayout& layout, const FlowGraph& graph,
                                   const FlowPaintOptions& options, QPointF point, double reach);

}  // namespace anchorlens::widgets
