// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/composer/field_row.h"

/// Rows of single fields for the held-out rules that have no picture.
namespace anchorlens::widgets {

/// "Also when [x mod 2] is 0": row `row` of task.held_out, a predicate.
FieldRow* makePredicateRow(int row, QWidget* parent);
/// "Lengths [12]"
FieldRow* makeLengthRow(int row, QWidget* parent);
/// "Anchors [A=3]": a combination that the matrix does not show.
FieldRow* makeAnchorsRow(int row, QWidget* parent);
/// "Relabelled [A=3] to [x-6]": row `row` of task.relabel.
FieldRow* makeRelabelRow(int row, QWidget* parent);

}  // namespace anchorlens::widgets
