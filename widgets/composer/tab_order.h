// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

class QWidget;

namespace anchorlens::widgets {

/// Lets Tab walk through what is in `root` in the order of its layouts: rows that were made later
/// come where they stand, not last.
void orderTabs(QWidget& root);

/// What Tab stops at in `root`, itself included, in that order: what is hidden or disabled, too.
std::vector<QWidget*> tabStops(QWidget& root);

}  // namespace anchorlens::widgets
