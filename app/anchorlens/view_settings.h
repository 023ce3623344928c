// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/attention_view.h"

namespace anchorlens::app {

/// How the views draw, as the person set it. A change of one of these is a step of undo.
struct ViewSettings {
  widgets::HeadView::Mode mode = widgets::HeadView::Mode::Map;
  bool values = true;
  bool outlines = true;
  widgets::ColourMap map = widgets::ColourMap::Viridis;
  bool per_head = false;
  bool is_log_time = false;
  int smoothing = 0;
  bool operator==(const ViewSettings&) const = default;
};

}  // namespace anchorlens::app
