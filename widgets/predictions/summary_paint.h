// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/head_map_data.h"
#include "widgets/predictions/probe_summary.h"
#include "widgets/theme.h"

#include <QRectF>

#include <vector>

class QPainter;

/// The whole probe in one picture, the same for the screen and for files.
namespace anchorlens::widgets {

struct SummaryPaintOptions {
  double font_px = 13;
  double unit = 1;
  bool text_as_paths = false;
};

/// Bars of predicted minus right answer; 0 is right. Heights by the share of the probe.
void paintDeviations(QPainter& painter, const QRectF& area, const ProbeSummary& summary,
                     const SummaryPaintOptions& options, const Theme& theme);
/// Wrong answers as a matrix, and the most frequent ones, as many as fit: "46 → 47  3".
void paintConfusions(QPainter& painter, const QRectF& area, const ProbeSummary& summary,
                     const SummaryPaintOptions& options, const Theme& theme);
/// Probability of each answer by the model over the sequence's key; lines at the true ones.
void paintCalibration(QPainter& painter, const QRectF& area, const ProbeSummary& summary,
                      const SummaryPaintOptions& options, const Theme& theme);

/// All of them in one area.
void paintSummary(QPainter& painter, const QRectF& area, const ProbeSummary& summary,
                  const SummaryPaintOptions& options, const Theme& theme);

/// A bar, a cell or a dot of what paintSummary() draws, and what it says.
struct SummaryItem {
  QRectF box;
  CellTip tip;
};
/// In the order in which keys walk over them: bars from left to right, wrong answers by how often,
/// dots by key.
std::vector<SummaryItem> summaryItems(const QRectF& area, const ProbeSummary& summary,
                                      const SummaryPaintOptions& options);

}  // namespace anchorlens::widgets
