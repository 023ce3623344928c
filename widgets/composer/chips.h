// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/language/edit.h"
#include "widgets/theme.h"

#include <QRectF>
#include <QString>

#include <vector>

class QPainter;

namespace anchorlens::widgets {

/// One piece of a pattern as the chips show it.
struct Chip {
  enum class Kind { Item, Open, Bar, Close, Arrow, Answer, Add };
  Kind kind = Kind::Item;
  core::Item::Kind item = core::Item::Kind::Gap;  ///< Item
  core::ItemPath path;                            ///< Item, Open: the blocks themselves
  QString text;
  QString name;  ///< for assistive technology: "Key x, 2 of 5"
  QRectF box;    ///< set by layOutChips

  /// Can be selected: everything but the brackets' bar and end, and the arrow.
  bool isSelectable() const;
};

/// A place where an item can be put: before that chip.
struct ChipGap {
  core::ItemPath path;
  int before = 0;
};

struct ChipLine {
  std::vector<Chip> chips;
  std::vector<ChipGap> gaps;
};

/// The chips of a pattern in reading order; `with_add`: with the + at the end.
ChipLine chipsOf(const core::Pattern& pattern, bool with_add);

/// Places chips in lines of `width`; returns the height. `px`: the interface font's size.
double layOutChips(std::vector<Chip>& chips, double width, double px);
void paintChip(QPainter& painter, const Chip& chip, bool is_selected, bool has_focus, double px,
               const Theme& theme);

}  // namespace anchorlens::widgets
