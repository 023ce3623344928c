// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/compare/compare_paint.h"

#include <QFont>
#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

constexpr double kGap = 1.2;         ///< between columns, in font sizes
constexpr double kTileTitle = 1.45;  ///< in font sizes
constexpr double kTileGap = 0.9;
constexpr double kNameGap = 0.2;
constexpr double kTileIndent = 0.45;
constexpr std::array<double, 5> kTileSizes{72, 60, 48, 40, 32};
constexpr double kLeastMap = 150;  ///< below this the view scrolls
constexpr double kTileShare = 0.36;

struct TileGrid {
  double size = 0;
  double step = 0;  ///< from tile to tile
  int per_row = 1;
  int rows = 0;
  double height = 0;
};

/// `length`: tokens. On the screen cells are whole pixels.
TileGrid gridOf(double size, double width, std::size_t n, int length,
                const HeadMapOptions& options) {
  const double f = options.font_px;
  TileGrid grid;
  grid.size = size * options.unit;
  if (!options.vector && length > 0 && length <= grid.size) {
    grid.size = std::floor(grid.size / length) * length;
  }
  grid.step = grid.size + f * kTileGap;
  grid.per_row = std::max(1, static_cast<int>((width + f * kTileGap) / grid.step));
  const int count = static_cast<int>(n);
  grid.rows = (count + grid.per_row - 1) / grid.per_row;
  grid.height = grid.rows * (grid.size + f * (kTileTitle + kTileGap));
  return grid;
}

/// What of a height is left for the cells of a large map, without its tokens and titles.
double cellRoom(double height, const TileGrid& grid, const HeadMapOptions& options) {
  const double f = options.font_px;
  return height - grid.height - f * (options.axis_titles ? 6.5 : 4.9);
}

/// The largest tiles that leave the large maps most of the height, and cells that values fit in.
TileGrid chooseTiles(double width, double height, std::size_t n, int length,
                     const HeadMapOptions& options) {
  const auto fits = [&](const TileGrid& grid) {
    return cellRoom(height, grid, options) >= length * options.min_value_cell;
  };
  // Long sequences have no values whatever the tiles are.
  const bool can_have_values = fits(gridOf(kTileSizes.back(), width, n, length, options));
  TileGrid grid;
  for (const double size : kTileSizes) {
    grid = gridOf(size, width, n, length, options);
    const bool is_small = grid.height <= height * kTileShare;
    if (height <= 0 || (is_small && (fits(grid) || !can_have_values))) {
      return grid;
    }
  }
  return grid;
}

/// That of the difference: no other column's name of a pair is longer.
double longestName(const Comparison& comparison, const HeadMapOptions& options) {
  const QFontMetricsF metrics(tileFont(options, true));
  double longest = 0;
  for (const core::HeadPair& pair : comparison.pairs) {
    longest = std::max(longest, metrics.horizontalAdvance(comparedHeadName(pair, 2)));
  }
  return longest;
}

/// Further apart than they must be where their names are longer than they are wide, as far as the
/// row has room.
void spread(TileGrid& tiles, double width, const Comparison& comparison,
            const HeadMapOptions& options) {
  const double f = options.font_px;
  const int in_row = std::clamp(static_cast<int>(comparison.pairs.size()), 1, tiles.per_row);
  const double wanted = longestName(comparison, options) + f * (kNameGap + 0.1);
  const double room = (width - f * (kTileIndent - kNameGap)) / in_row;
  tiles.step = std::max(tiles.step, std::min(wanted, room));
}

/// Any map of the pair: all three have one length.
const HeadMapData& sizeOf(const Comparison::Maps& maps) {
  return maps.maps[0].isEmpty() ? maps.maps[1] : maps.maps[0];
}

void placeTiles(CompareLayout& layout, const TileGrid& tiles, double top, std::size_t n,
                const HeadMapOptions& options) {
  const double f = options.font_px;
  const auto whole = [&options](double x) { return options.vector ? x : std::round(x); };
  for (int i = 0; i < static_cast<int>(n); ++i) {
    const double x = f * kTileIndent + (i % tiles.per_row) * tiles.step;
    const double y = top + (i / tiles.per_row) * (tiles.size + f * (kTileTitle + kTileGap));
    std::array<QRectF, 3> of_pair;
    for (std::size_t column = 0; column < 3; ++column) {
      of_pair[column] = QRectF(whole(layout.titles[column].left() + x), whole(y), tiles.size,
                               tiles.size + whole(f * kTileTitle));
    }
    layout.tiles.push_back(of_pair);
  }
}

}  // namespace

CompareLayout layoutComparison(const QRectF& area, const Comparison& comparison,
                               const ComparePaint& how, double device_pixel_ratio) {
  CompareLayout layout;
  const HeadMapOptions& options = how.map;
  const double f = options.font_px;
  const double title = std::round(f * 2.1);
  const double width = (area.width() - 2 * kGap * f) / 3;
  const HeadMapData size = sizeOf(comparison.mapsOf(how.pair));
  TileGrid tiles;
  if (how.has_tiles) {
    tiles = chooseTiles(width, area.height(), comparison.pairs.size(), size.length, options);
    spread(tiles, width, comparison, options);
    layout.tile_name = tiles.step - f * kNameGap;
  }
  const double tiles_gap = tiles.rows > 0 ? f * 0.7 : 0;
  const double rest =
      area.height() <= 0 ? width * 1.2 : area.height() - title - tiles_gap - tiles.height;
  const double height = std::max(rest, kLeastMap * options.unit);
  double bottom = area.top() + title;
  for (std::size_t column = 0; column < 3; ++column) {
    const double left = area.left() + static_cast<double>(column) * (width + kGap * f);
    layout.fields[column] = QRectF(left, area.top() + title, width, height);
    // The colour bar of the difference has its runs beside its ends.
    layout.maps[column] = layoutHeadMap(layout.fields[column].adjusted(0, 0, -f * 0.9, 0), size,
                                        options, device_pixel_ratio);
    layout.titles[column] = QRectF(left, area.top(), width, title);
    bottom = std::max(bottom, layout.fields[column].top() +
                                  (size.isEmpty() ? height : layout.maps[column].needed.height()));
  }
  layout.maps[0].bar = QRectF();  // the second one's is beside it
  for (QRectF& field : layout.fields) {
    field.setBottom(bottom);
  }
  const double top = bottom + tiles_gap;
  if (how.has_tiles) {
    placeTiles(layout, tiles, top, comparison.pairs.size(), options);
  }
  layout.needed = QSizeF(area.width(), top + tiles.height - area.top());
  return layout;
}

Cell CompareLayout::cellAt(QPointF point, int* column) const {
  for (std::size_t i = 0; i < maps.size(); ++i) {
    if (const Cell cell = maps[i].cellAt(point); cell.isValid()) {
      if (column != nullptr) {
        *column = static_cast<int>(i);
      }
      return cell;
    }
  }
  return {};
}

QRectF CompareLayout::nameBox(std::size_t pair, std::size_t column) const {
  const QRectF& tile = tiles[pair][column];
  return {tile.left(), tile.top(), tile_name, tile.height() - tile.width()};
}

int CompareLayout::pairAt(QPointF point) const {
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    for (const QRectF& tile : tiles[i]) {
      if (tile.adjusted(-3, -3, 3, 3).contains(point)) {
        return static_cast<int>(i);
      }
    }
  }
  return -1;
}

}  // namespace anchorlens::widgets
