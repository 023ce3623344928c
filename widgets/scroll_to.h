// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>
#include <QRectF>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

/// Scrolls no further than needed to show `rect`, of the content; of one too large, its start.
inline void scrollTo(const QAbstractScrollArea& area, const QRectF& rect) {
  const auto show = [](QScrollBar* bar, double first, double last, int room) {
    const int start = static_cast<int>(std::floor(first));
    const int end = static_cast<int>(std::ceil(last));
    bar->setValue(std::min(start, std::max(bar->value(), end - room)));
  };
  show(area.verticalScrollBar(), rect.top(), rect.bottom(), area.viewport()->height());
  show(area.horizontalScrollBar(), rect.left(), rect.right(), area.viewport()->width());
}

}  // namespace anchorlens::widgets
