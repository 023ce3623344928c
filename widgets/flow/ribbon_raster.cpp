// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/flow/ribbon_raster.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace anchorlens::widgets {
namespace {

double cubic(double a, double b, double c, double d, double t) {
  const double u = 1 - t;
  return u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d;
}

double cubicSlope(double a, double b, double c, double d, double t) {
  const double u = 1 - t;
  return 3 * (u * u * (b - a) + 2 * u * t * (c - b) + t * t * (d - c));
}

/// Where a cubic that only rises is at `value`.
double inverse(double a, double b, double c, double d, double value) {
  double low = 0;
  double high = 1;
  for (int i = 0; i < 30; ++i) {
    const double middle = 0.5 * (low + high);
    (cubic(a, b, c, d, middle) < value ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

/// src over dst, all premultiplied; `share` of 255.
std::uint32_t over(std::uint32_t src, std::uint32_t dst, std::uint32_t share) {
  const auto scaled = [](std::uint32_t pixel, std::uint32_t by) {
    const std::uint32_t even = (pixel & 0x00ff00ffU) * by;
    const std::uint32_t odd = ((pixel >> 8U) & 0x00ff00ffU) * by;
    const auto divided = [](std::uint32_t x) {
      return ((x + ((x >> 8U) & 0x00ff00ffU) + 0x00800080U) >> 8U) & 0x00ff00ffU;
    };
    return divided(even) | (divided(odd) << 8U);
  };
  const std::uint32_t top = scaled(src, share);
  return top + scaled(dst, 255U - (top >> 24U));
}

}  // namespace

RibbonRaster::RibbonRaster(const QRectF& area, double pixel_ratio) : m_ratio(pixel_ratio) {
  const QRect pixels =
      QRectF(area.topLeft() * pixel_ratio, area.size() * pixel_ratio).toAlignedRect();
  m_origin = QPointF(pixels.topLeft()) / pixel_ratio;
  m_image = QImage(pixels.size().expandedTo({1, 1}), QImage::Format_ARGB32_Premultiplied);
  m_image.fill(Qt::transparent);
  m_image.setDevicePixelRatio(pixel_ratio);
}

/// y falls from y0 (below) to y1 (above), in pixels of the image.
const std::vector<RibbonRaster::Row>& RibbonRaster::rowsOf(double y0, double y1, double bend0,
                                                           double bend1) {
  auto [found, is_new] = m_rows.try_emplace({y0, y1});
  std::vector<Row>& rows = found->second;
  if (!is_new) {
    return rows;
  }
  const int first = std::max(0, static_cast<int>(std::floor(y1)));
  const int last = std::min(m_image.height() - 1, static_cast<int>(std::ceil(y0)) - 1);
  for (int y = first; y <= last; ++y) {
    const double top = std::max<double>(y, y1);
    const double bottom = std::min<double>(y + 1, y0);
    if (bottom <= top) {
      continue;
    }
    const double t = inverse(-y0, -bend0, -bend1, -y1, -0.5 * (top + bottom));
    const double rise = cubicSlope(-y0, -bend0, -bend1, -y1, t);
    Row row;
    row.y = y;
    row.share = bottom - top;
    row.across = cubic(0, 0, 1, 1, t);
    row.slope = cubicSlope(0, 0, 1, 1, t) / std::max(rise, 1e-6);
    rows.push_back(row);
  }
  return rows;
}

void RibbonRaster::draw(const RibbonCurve& curve, double width, const QColor& colour) {
  const auto in_image = [this](QPointF point) { return (point - m_origin) * m_ratio; };
  const QPointF from = in_image(curve[0]);
  const QPointF to = in_image(curve[3]);
  const double pixels = width * m_ratio;
  const auto& rows = rowsOf(from.y(), to.y(), in_image(curve[1]).y(), in_image(curve[2]).y());
  for (const Row& row : rows) {
    blendRow(row, from.x(), to.x() - from.x(), pixels / 2, std::min(1.0, pixels), colour);
  }
}

void RibbonRaster::blendRow(const Row& row, double x0, double dx, double half_width, double most,
                            const QColor& colour) {
  const double slope = dx * row.slope;
  const double stretch = std::sqrt(1 + slope * slope);  // of distances along the row
  const double centre = x0 + dx * row.across;
  const double reach = (half_width + 0.5) * stretch;
  const int first = std::max(0, static_cast<int>(std::floor(centre - reach)));
  const int last = std::min(m_image.width() - 1, static_cast<int>(std::ceil(centre + reach)));
  const std::uint32_t src = qPremultiply(colour.rgba());
  auto* line = reinterpret_cast<std::uint32_t*>(m_image.scanLine(row.y));
  for (int x = first; x <= last; ++x) {
    const double distance = std::abs(x + 0.5 - centre) / stretch;
    const double covered = std::clamp(half_width + 0.5 - distance, 0.0, most) * row.share;
    line[x] = over(src, line[x], static_cast<std::uint32_t>(covered * 255 + 0.5));
  }
}

}  // namespace anchorlens::widgets
