// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/compare/seed_numbers.h"

#include <QPointF>
#include <QRectF>

class QPainter;

/// Distributions over seeds: a row a number, a dot a run, with median and range. The same for the
/// screen and for figures.
namespace anchorlens::widgets {

struct SeedsPaint {
  double font_px = 13;
  double unit = 1;  ///< what is one pixel on screen
  bool text_as_paths = false;
};

struct SeedsLayout {
  struct Row {
    QRectF name;
    QRectF field;  ///< of the dots
    QRectF text;   ///< median and range
    /// Of each run; those without a number stand in a place of their own at the right end.
    std::vector<QPointF> dots;
  };
  std::vector<Row> rows;
  double radius = 0;
  double last_step = 1;      ///< right end of the rows of steps
  double low = 0;            ///< left end of the others: liftFloor()
  std::vector<QRectF> axes;  ///< under the last row of each kind of axis: steps, then shares
  double height = 0;

  struct Dot {
    int row = -1;
    int run = -1;
    bool operator==(const Dot&) const = default;
  };
  Dot dotAt(QPointF point) const;
};

SeedsLayout layoutSeeds(QPointF top_left, double width, const std::vector<SeedRow>& rows,
                        const SeedsPaint& how);
void paintSeeds(QPainter& painter, const SeedsLayout& layout, const SeedSet& set,
                const std::vector<SeedRow>& rows, const SeedsPaint& how, const Theme& theme,
                SeedsLayout::Dot chosen = {});

}  // namespace anchorlens::widgets
