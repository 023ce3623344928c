// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace anchorlens::widgets {

/// What is chosen in the boxes of the Study tab, in the words of its study: what another study does
/// not have falls back to its own first choice.
struct StudyChoices {
  QString number;  ///< core::numberName
  bool at_cursor = false;
  QString across;  ///< label of an axis; empty: none
  QString up;
  QString other;  ///< value of the third axis; empty: all
  bool is_grey = true;
  double grey_below = 90;  ///< per cent
  QString sequences;       ///< of the curves, as the box names them
  bool operator==(const StudyChoices&) const = default;
};

}  // namespace anchorlens::widgets
