// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/compare/comparison.h"
#include "widgets/placed_text.h"

#include <array>
#include <vector>

class QFont;
class QPainter;

/// Painting of a comparison, the same for the screen and for figures: three columns, the first run,
/// the second and the difference, with the heads of each under its large map.
namespace anchorlens::widgets {

struct ComparePaint {
  HeadMapOptions map;  ///< font, unit, values, outlines, colours; tokens and bars are its own
  std::size_t pair = 0;
  bool has_tiles = true;
};

struct CompareLayout {
  std::array<QRectF, 3> titles;
  std::array<HeadMapLayout, 3> maps;
  std::array<QRectF, 3> fields;  ///< of the large maps, with tokens: where a gap is explained
  /// [pair]: tile of each column, with its title.
  std::vector<std::array<QRectF, 3>> tiles;
  double tile_name = 0;  ///< room of a tile's name, which may be wider than the tile
  QSizeF needed;

  /// Of any of the large maps; `column` tells which.
  Cell cellAt(QPointF point, int* column = nullptr) const;
  int pairAt(QPointF point) const;                             ///< of a tile; -1: none
  QRectF nameBox(std::size_t pair, std::size_t column) const;  ///< of a tile's name
};

/// In an area of this width; where its height is not enough, `needed` is higher. Height 0: as high
/// as the width asks for.
CompareLayout layoutComparison(const QRectF& area, const Comparison& comparison,
                               const ComparePaint& how, double device_pixel_ratio = 1);

/// Of a tile's name.
QFont tileFont(const HeadMapOptions& options, bool is_selected);

/// Titles of the columns and names of the tiles.
std::vector<PlacedText> comparisonTexts(const CompareLayout& layout, const Comparison& comparison,
                                        std::size_t pair);

void paintComparison(QPainter& painter, const CompareLayout& layout, const Comparison& comparison,
                     const ComparePaint& how, const Theme& theme);

}  // namespace anchorlens::widgets
