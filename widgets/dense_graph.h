// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <qcustomplot.h>

namespace anchorlens::widgets {

/// A curve of many points that go up and down: Qt joins the segments of a line wider than a pixel
/// to one outline, which takes 20 to 250 ms for 1 600 of them (measured, 900 pixels wide). Here
/// such a curve is drawn segment by segment, or, when it is dashed or transparent, one pixel wide.
class DenseGraph : public QCPGraph {
 public:
  static constexpr int kDense = 300;  ///< points; fewer are drawn as by QCPGraph

  using QCPGraph::QCPGraph;

 protected:
  void drawLinePlot(QCPPainter* painter, const QVector<QPointF>& lines) const override;
};

}  // namespace anchorlens::widgets
