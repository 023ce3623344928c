// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Qt>

namespace anchorlens::widgets {

/// Keys that move a cell in a map, a grid or a matrix.
inline bool isArrow(int key) {
  return key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down;
}

}  // namespace anchorlens::widgets
