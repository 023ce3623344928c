// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/bookmarks.h"
#include "widgets/run_history.h"
#include "widgets/theme.h"
#include "widgets/timeline_lanes.h"

#include <QRectF>

#include <vector>

class QPainter;

/// What happened in a run, and its signs: the same on the Timeline and in figures.
namespace anchorlens::widgets {

/// Of the markers' lane: checkpoints, then interventions and other events, then bookmarks; `lane`
/// is -1. Frames are none of them: there are too many, and the history has them.
std::vector<TimeMark> laneMarks(const RunHistory& history,
                                const std::vector<core::Bookmark>& bookmarks);
/// Of the lane of the loss.
std::vector<TimeMark> spikeMarks(const RunHistory& history);

/// "Checkpoint"
QString markKindName(TimeMark::Kind kind);

/// The sign at x. `band`: the lane with its margins; of an emergence the field of its strip.
/// `unit`: what is one pixel on screen.
void paintTimeMark(QPainter& painter, TimeMark::Kind kind, const QRectF& band, double x,
                   const Theme& theme, double unit = 1);
/// Signs of spikes nearer than this would lie on each other: one stands for all. Units.
inline constexpr double kSpikesApart = 5;
/// The same of the ticks of frames.
inline constexpr double kFramesApart = 3;

}  // namespace anchorlens::widgets
