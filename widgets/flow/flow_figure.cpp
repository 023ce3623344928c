// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/flow/flow_figure.h"

#include "widgets/figure/figure_canvas.h"
#include "widgets/flow/flow_paint.h"
#include "widgets/fonts.h"
#include "widgets/number_format.h"

#include <QPainter>

namespace anchorlens::widgets {

namespace {

QString widthNote(const FlowGraph& graph) {
  return graph.moved ? QStringLiteral("   widths: value-weighted attention, at most ") +
                           formatMapValue(graph.most_moved)
                     : QString();
}

}  // namespace

QString FlowFigure::problem() const {
  return m_graph.isEmpty() ? QStringLiteral("The frame has no attention patterns.") : QString();
}

NumberTable FlowFigure::numbers() const {
  return flowNumbers(m_graph);
}

double FlowFigure::paint(const FigureCanvas& canvas, double top) const {
  const FlowGraph& graph = m_graph;
  const double f = canvas.font;
  const double title = canvas.style.head_labels ? f * 2 : 0;
  const double height = f * 10 + graph.n_layers * canvas.width * 0.17;
  if (canvas.painter != nullptr) {
    FlowPaintOptions options;
    options.font_px = f;
    options.unit = canvas.unit();
    options.text_as_paths = canvas.text_as_paths;
    options.route = m_route;
    if (title > 0) {
      canvas.text(QRectF(0, top, canvas.width, title), Qt::AlignLeft | Qt::AlignVCenter,
                  QStringLiteral("Step ") + formatInteger(graph.step) + widthNote(graph),
                  textFont(f, Weight::SemiBold), canvas.theme.text);
    }
    const FlowLayout layout =
        layoutFlow(QRectF(0, top + title, canvas.width, height), graph, options);
    paintFlow(*canvas.painter, layout, graph, options, canvas.theme);
  }
  return title + height;
}

}  // namespace anchorlens::widgets
