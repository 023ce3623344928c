// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/weights/diverging_map.h"

#include "widgets/weights/plot_data.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace anchorlens::widgets {

namespace {

constexpr std::array<QRgb, 7> kDark{0xff9CCBFF, 0xff4F8FD6, 0xff2D4F78, 0xff262A33,
                                    0xff7A4630, 0xffDE7F55, 0xffFFC2A3};
constexpr std::array<QRgb, 7> kLight{0xff0E3F7C, 0xff2F78C8, 0xffA6C8EC, 0xffF1F2F4,
                                     0xffF0BFA6, 0xffCC5E2E, 0xff7E2B08};

int between(int a, int b, double share) {
  return static_cast<int>(std::lround(a + (b - a) * share));
}

}  // namespace

QRgb divergingColourAt(double value, bool is_dark) {
  const auto& stops = is_dark ? kDark : kLight;
  const double clamped = std::isnan(value) ? 0.0 : std::clamp(value, -1.0, 1.0);
  const double place = (clamped + 1) / 2 * static_cast<double>(stops.size() - 1);
  const auto low = std::min(static_cast<std::size_t>(place), stops.size() - 2);
  const double share = place - static_cast<double>(low);
  const QRgb a = stops[low];
  const QRgb b = stops[low + 1];
  return qRgb(between(qRed(a), qRed(b), share), between(qGreen(a), qGreen(b), share),
              between(qBlue(a), qBlue(b), share));
}

QList<QRgb> plotColours(bool is_signed, ColourMap map, bool is_dark) {
  QList<QRgb> colours;
  for (int i = 0; i < kColourSteps; ++i) {
    const double share = static_cast<double>(i) / (kColourSteps - 1);
    colours.append(is_signed ? divergingColourAt(2 * share - 1, is_dark) : colourAt(map, share));
  }
  colours.append(qRgba(0, 0, 0, 0));
  return colours;
}

}  // namespace anchorlens::widgets
