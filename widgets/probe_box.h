// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QComboBox;

namespace anchorlens::widgets {

struct ProbeContext;

/// Data of the entry that is no sequence.
inline constexpr int kProbeMean = -1;

/// The Probe box of a view: the shown sequences by number, each with its tokens as tooltip and its
/// index as data, and, where it is not 0, the mean of `mean_of`. Where sequences are of several
/// groups, the open list has the group beside each. Null: no sequences. Tells nothing.
void fillProbeBox(QComboBox& box, const ProbeContext* probe, int mean_of);

}  // namespace anchorlens::widgets
