// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QWidget;

namespace anchorlens::widgets {

/// Lets Tab walk through what is in `root` in the order of its layouts: rows that were made later
/// come where they stand, not last.
void orderTabs(QWidget& root);

}  // namespace anchorlens::widgets
