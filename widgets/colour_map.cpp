// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/colour_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace anchorlens::widgets {

namespace {
#include "widgets/colour_map_data.inc"
}  // namespace

QString colourMapName(ColourMap map) {
  switch (map) {
    case ColourMap::Viridis:
      return QStringLiteral("Viridis");
    case ColourMap::Cividis:
      return QStringLiteral("Cividis");
    case ColourMap::Grey:
      break;
  }
  return QStringLiteral("Grey");
}

QRgb colourAt(ColourMap map, double value) {
  const double clamped = value > 0 ? std::min(value, 1.0) : 0.0;  // NaN is 0
  const auto i = static_cast<std::size_t>(std::lround(clamped * 255));
  switch (map) {
    case ColourMap::Viridis:
      return kViridis.at(i) | 0xff000000U;
    case ColourMap::Cividis:
      return kCividis.at(i) | 0xff000000U;
    case ColourMap::Grey:
      break;
  }
  const auto grey = static_cast<int>(i);
  return qRgb(grey, grey, grey);
}

double luminance(QRgb colour) {
  return (299 * qRed(colour) + 587 * qGreen(colour) + 114 * qBlue(colour)) / 1000.0;
}

QColor textOn(QRgb background) {
  return luminance(background) >= 115 ? QColor(Qt::black) : QColor(Qt::white);
}

}  // namespace anchorlens::widgets
