// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/snapshot_worker.h"
#include "engine/inspect.h"
#include "widgets/head_values.h"

#include <vector>

namespace anchorlens::app {

/// What the Attention tab wants to know of the weights.
struct AttentionQuestion {
  SnapshotPlace place;
  widgets::HeadValues values = widgets::HeadValues::Attention;
  int sequence = 0;  ///< of the probe, unless one is typed
  bool is_typed = false;
  QString typed;
  std::vector<engine::HeadRef> ablated;
  bool operator==(const AttentionQuestion&) const = default;
};

struct AttentionAnswer {
  widgets::EvaluatedPtr heads;
  QString verdict;  ///< what the task says of a typed sequence
};

/// Roles and mask are those of `probe`. A typed sequence that no form fits is evaluated too,
/// without roles; one that the model cannot read is an error.
engine::Result<AttentionAnswer> answerAttention(engine::RunSnapshot& snapshot,
                                                const AttentionQuestion& question,
                                                const widgets::ProbeContext& probe);

}  // namespace anchorlens::app
