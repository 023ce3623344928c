// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/colour_map.h"
#include "widgets/head_map_data.h"
#include "widgets/theme.h"

#include <QRectF>

class QPainter;

/// Painting of attention maps, the same for the screen and for figures: readers run downwards,
/// sources to the right.
namespace anchorlens::widgets {

struct HeadMapOptions {
  ColourMap map = ColourMap::Viridis;
  bool values = true;  ///< printed from 0.05 up where cells are large enough
  bool outlines = true;
  bool gaps = true;    ///< thin lines between large cells
  bool tokens = true;  ///< on both axes
  bool axis_titles = true;
  bool colour_bar = true;
  bool per_head = false;  ///< scale ends at the head's own maximum, written on the bar
  bool vector = false;    ///< rectangles instead of an image: for exports
  bool text_as_paths = false;
  double font_px = 13;
  double unit = 1;  ///< what is one pixel on screen, for line widths and gaps: figures use more
  double min_value_cell = 24;  ///< smallest cell that values are printed in
  double min_cell = 0;         ///< cells are never smaller: the map grows beyond the rectangle
};

/// Where the parts of one map lie. `cell` is a whole number of device pixels on screen.
struct HeadMapLayout {
  QRectF map;
  QRectF bar;       ///< empty: no colour bar
  double cell = 0;  ///< edge of one square cell
  double token_width = 0;
  int length = 0;
  QSizeF needed;  ///< of everything

  QRectF cellRect(Cell cell) const;
  Cell cellAt(QPointF point) const;  ///< invalid outside the map
};

/// Largest square cells for which everything fits into `area`, placed at its top left.
HeadMapLayout layoutHeadMap(const QRectF& area, const HeadMapData& data,
                            const HeadMapOptions& options, double device_pixel_ratio = 1.0);

void paintHeadMap(QPainter& painter, const HeadMapLayout& layout, const HeadMapData& data,
                  const HeadMapOptions& options, const Theme& theme);

/// Only the cells with mask and outlines, into `area` (a tile of the grid or of a figure).
void paintHeadCells(QPainter& painter, const QRectF& area, const HeadMapData& data,
                    const HeadMapOptions& options, const Theme& theme);

/// Colour bar with 0, middle and end of the scale at its right.
void paintColourBar(QPainter& painter, const QRectF& bar, double scale_end,
                    const HeadMapOptions& options, const Theme& theme);

/// End of the colour scale: 1, or with per_head the largest value.
double scaleEnd(const HeadMapData& data, const HeadMapOptions& options);

/// One token in its shape, centred in `box`. `unit`: see HeadMapOptions.
void paintToken(QPainter& painter, const QRectF& box, const TokenText& token, double font_px,
                const Theme& theme, double unit = 1, bool text_as_paths = false);

}  // namespace anchorlens::widgets
