// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/scores.h"

#include <QRect>
#include <QString>

#include <cstdint>
#include <vector>

/// Parts shared by the timeline's plot, header column and overlay.
namespace anchorlens::widgets {

struct Lane {
  enum class Kind { Ruler, Loss, Accuracy, Strip, Folded, Markers };
  Kind kind = Kind::Ruler;
  int layer = 0;
  int head = 0;
  core::Label label = core::Label::Broadcast;  ///< of a strip: whose score it shows
  bool is_dim = false;                         ///< of a strip: never above the forming threshold
  int folded = 0;                              ///< of the folded line: how many heads
  bool operator==(const Lane&) const = default;
};

/// Something on the timeline that can be pointed at.
struct TimeMark {
  enum class Kind { Frame, Checkpoint, Note, Intervention, Emergence, Spike, Bookmark };
  Kind kind = Kind::Frame;
  std::int64_t step = 0;
  int lane = -1;                               ///< index of the lane it is drawn in
  core::Label label = core::Label::Broadcast;  ///< of an emergence
  QString text;                                ///< what it is; empty: the name of its kind
};

/// "Checkpoint, step 12 000"; time_marks.cpp.
QString markText(const TimeMark& mark);

}  // namespace anchorlens::widgets
