// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/compare/match_heads.h"
#include "engine/core/compare/time_alignment.h"
#include "widgets/figure/time_view.h"
#include "widgets/number_table.h"
#include "widgets/placed_text.h"
#include "widgets/run_history.h"
#include "widgets/theme.h"
#include "widgets/time_scale.h"

#include <QRectF>
#include <QString>

#include <array>
#include <optional>
#include <vector>

class QPainter;

/// Two runs over time: loss, accuracy, and a lane a pair of heads, in two halves. The same for the
/// screen and for figures.
namespace anchorlens::widgets {

struct CurveSide {
  QString name;
  int colour = 0;
  const RunHistory* history = nullptr;  ///< not owned; null: nothing is drawn of it
};

/// Steps are the first run's; the second's are drawn where the alignment puts them.
struct ComparedCurves {
  std::array<CurveSide, 2> sides;
  std::vector<core::HeadPair> pairs;
  core::TimeAlignment alignment;

  bool isEmpty() const { return sides[0].history == nullptr && sides[1].history == nullptr; }
  /// End of the time axis when all is in view.
  double lastStep() const;
  /// The first run's step of a step of side 0 or 1.
  double toFirst(std::size_t side, double step) const;
  /// The step of a side that is shown beside one of the first run.
  double fromFirst(std::size_t side, double first_step) const;
  /// Pairs that have a lane: all up to eight, else those where some head had a pattern.
  std::vector<core::HeadPair> lanes() const;
};

struct CurvesPaint {
  double font_px = 13;
  double unit = 1;  ///< what is one pixel on screen
  double header = 150;
  bool is_logarithmic = false;
  double first = 0;  ///< range of the first run's steps
  double last = 1;
  int smoothing = 0;  ///< of loss and accuracy: smoothed() in time_scale.h
  bool text_as_paths = false;
};

struct CurvesLayout {
  QRectF ruler;
  QRectF loss;
  QRectF accuracy;
  std::vector<QRectF> strips;  ///< of the pairs in lanes()
  QRectF hidden;               ///< the line that counts the others; empty: there are none
  double height = 0;

  double xOf(double step, const CurvesPaint& how) const;
  double stepAt(double x, const CurvesPaint& how) const;
};

/// The curves share what the lanes leave of the height.
CurvesLayout layoutCurves(const QRectF& area, const ComparedCurves& curves, const CurvesPaint& how);

/// All but what depends on the cursor.
void paintCurves(QPainter& painter, const CurvesLayout& layout, const ComparedCurves& curves,
                 const CurvesPaint& how, const Theme& theme);
/// Names and the values at a step of the first run.
void paintCurveHeader(QPainter& painter, const CurvesLayout& layout, const ComparedCurves& curves,
                      std::int64_t step, const CurvesPaint& how, const Theme& theme);
/// The names in that column.
std::vector<PlacedText> curveHeaderTexts(const CurvesLayout& layout, const ComparedCurves& curves,
                                         const CurvesPaint& how);

/// Run, step, group, loss and accuracy of what is shown, and both smoothed where they are.
NumberTable comparedCurveNumbers(const ComparedCurves& curves, const TimeView& view = {});

/// The score that a head's lane shows; empty where there is none.
Series stripSeries(const RunHistory* history, int layer, int head);

}  // namespace anchorlens::widgets
