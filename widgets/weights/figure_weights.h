// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure.h"
#include "widgets/weights/weights_picture.h"

#include <vector>

namespace anchorlens::widgets {

struct FigureCanvas;

/// The plots that a figure of the weights shows.
std::vector<PlotPtr> figurePlots(const FigureRequest& request);

double paintWeights(const FigureCanvas& canvas, double top);

}  // namespace anchorlens::widgets
