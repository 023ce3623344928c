// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QImage>
#include <QPointF>
#include <QRectF>

#include <array>
#include <map>
#include <utility>
#include <vector>

namespace anchorlens::widgets {

/// A cubic curve that leaves its ends vertically: from (x0, y0) over two points at the same x as
/// their ends to (x1, y1).
using RibbonCurve = std::array<QPointF, 4>;

/// Paints hundreds of such curves as smooth pixels in a millisecond or two, where QPainter takes
/// 0.06 ms for each. A pixel's share is that of a straight band through the curve's point in its
/// row: within a few hundredths of what QPainter gives. Only for the screen: figures have paths.
class RibbonRaster {
 public:
  /// Of `area` in the painter's coordinates, at so many pixels a unit.
  RibbonRaster(const QRectF& area, double pixel_ratio);

  void draw(const RibbonCurve& curve, double width, const QColor& colour);

  const QImage& image() const { return m_image; }
  /// Where the image belongs.
  QPointF origin() const { return m_origin; }

 private:
  /// How far across a curve is in one row of pixels: 0 at its first end, 1 at its last.
  struct Row {
    int y = 0;
    double share = 1;   ///< of the row's height that the curve passes
    double across = 0;  ///< 0..1
    double slope = 0;   ///< of `across`, per pixel
  };
  const std::vector<Row>& rowsOf(double y0, double y1, double bend0, double bend1);
  void blendRow(const Row& row, double x0, double dx, double half_width, double most,
                const QColor& colour);

  QImage m_image;  ///< premultiplied
  QPointF m_origin;
  double m_ratio;
  std::map<std::pair<double, double>, std::vector<Row>> m_rows;  ///< by the curve's ends
};

}  // namespace anchorlens::widgets
