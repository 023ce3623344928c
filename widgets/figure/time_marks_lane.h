// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure/figure_field.h"
#include "widgets/npz.h"
#include "widgets/time_marks.h"

#include <vector>

/// What happened in a run, under its curves: as the Timeline's last lane.
namespace anchorlens::widgets {

double marksLaneHeight(const FigureCanvas& canvas);

/// Frames and marks inside the field's steps; its box is the lane.
void paintMarksLane(const FigureCanvas& canvas, const FigureField& field, const RunHistory& history,
                    const std::vector<TimeMark>& marks);
/// Spikes at the top of the field of the loss.
void paintSpikes(const FigureCanvas& canvas, const FigureField& field,
                 const std::vector<TimeMark>& spikes);
/// Of each kind that is there, its sign and name, in rows from (left, top); returns their height.
double paintMarksKey(const FigureCanvas& canvas, const FigureField& field,
                     const std::vector<TimeMark>& marks, double left, double top);
/// marker_step, marker, marker_text of the marks inside the field's steps.
void addMarks(NpzWriter& npz, const std::vector<TimeMark>& marks, double first, double last);

}  // namespace anchorlens::widgets
