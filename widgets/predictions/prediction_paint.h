// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/predictions/prediction_data.h"
#include "widgets/theme.h"

#include <QRectF>

#include <vector>

class QPainter;

/// Painting of predictions, on screen and in figures.
namespace anchorlens::widgets {

struct PredictionPaintOptions {
  double font_px = 13;
  double unit = 1;
  bool text_as_paths = false;
};

/// Where the parts of a row begin, from its left edge.
struct PredictionColumns {
  double number = 0, tokens = 0, token = 0, answer = 0, first = 0, option = 0;
  double under = 0;  ///< from the row's top to the most probable tokens; 0: in the same line
  double width = 0, height = 0;
};
/// The five most probable tokens stand behind the answer where `width` has room for them, else in
/// a line of their own. More than `width` only where a line cannot be narrower.
PredictionColumns predictionColumns(const std::vector<PredictionRow>& rows, double font_px,
                                    double width);

/// Number, tokens by role, right answer, mark, and the most probable tokens with a bar each.
void paintPrediction(QPainter& painter, const PredictionRow& row, const QRectF& box,
                     const PredictionColumns& at, const PredictionPaintOptions& options,
                     const Theme& theme);

}  // namespace anchorlens::widgets
