// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dense_graph.h"

#include <cmath>

namespace anchorlens::widgets {

namespace {

constexpr double kLongLine = 20'000;  ///< pixels; smoothing such a line is too slow, and not seen

double lengthOf(const QVector<QPointF>& points) {
  double length = 0;
  for (qsizetype i = 1; i < points.size(); ++i) {
    const QPointF step = points[i] - points[i - 1];
    if (std::isfinite(step.x()) && std::isfinite(step.y())) {
      length += std::abs(step.x()) + std::abs(step.y());
    }
  }
  return length;
}

}  // namespace

void DenseGraph::drawLinePlot(QCPPainter* painter, const QVector<QPointF>& lines) const {
  const QPen pen = painter->pen();
  if (lines.size() < kDense || pen.style() == Qt::NoPen || pen.widthF() <= 1) {
    QCPGraph::drawLinePlot(painter, lines);
    return;
  }
  applyDefaultAntialiasingHint(painter);
  if (lengthOf(lines) > kLongLine) {
    painter->setAntialiasing(false);
  }
  if (pen.style() != Qt::SolidLine || pen.color().alpha() < 255) {
    QPen thin = pen;
    thin.setWidthF(1);
    painter->setPen(thin);
    drawPolyline(painter, lines);
    return;
  }
  for (qsizetype i = 1; i < lines.size(); ++i) {
    const bool is_line = std::isfinite(lines[i - 1].y()) && std::isfinite(lines[i].y());
    if (is_line) {
      painter->drawLine(QLineF(lines[i - 1], lines[i]));
    }
  }
}

}  // namespace anchorlens::widgets
