// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/frame.h"
#include "engine/core/task/sequence_set.h"
#include "engine/core/task/task.h"
#include "widgets/number_table.h"
#include "widgets/theme.h"

#include <QString>

#include <cstdint>
#include <vector>

namespace anchorlens::widgets {

/// One cell of an attention map: the reader (query row) reads the source (key column).
struct Cell {
  int reader = -1;
  int source = -1;
  bool isValid() const { return reader >= 0 && source >= 0; }
  bool operator==(const Cell&) const = default;
};

struct TokenText {
  QString text;
  TokenRole role = TokenRole::Noise;
  bool operator==(const TokenText&) const = default;
};

/// Where the task says that the pattern should be: a block of cells, ends included.
struct MapOutline {
  Cell first;
  Cell last;
  TokenRole role = TokenRole::Key;
  bool operator==(const MapOutline&) const = default;
};

/// All that is drawn of one head on one sequence (or of the mean over the probe).
///
/// Shape:
///   pattern, mean: [query_pos, key_pos], length * length values; mean is empty when there is none
struct HeadMapData {
  std::int64_t step = 0;
  int layer = 0;
  int head = 0;
  int length = 0;  ///< real tokens; 0: nothing to draw
  bool causal = true;
  bool is_mean = false;
  int probe_size = 0;  ///< sequences that the mean is over
  std::vector<float> pattern;
  std::vector<float> mean;
  std::vector<TokenText> tokens;  ///< [length]; positions when is_mean
  std::vector<MapOutline> outlines;

  bool isEmpty() const { return length == 0; }
  bool allows(Cell cell) const { return !causal || cell.source <= cell.reader; }
  float at(Cell cell) const { return pattern[index(cell)]; }
  std::size_t index(Cell cell) const {
    return static_cast<std::size_t>(cell.reader) * static_cast<std::size_t>(length) +
           static_cast<std::size_t>(cell.source);
  }
  bool contains(Cell cell) const {
    return cell.isValid() && cell.reader < length && cell.source < length;
  }
  /// What a head that was never trained has in each cell of this row.
  double untrained(int reader) const { return 1.0 / (causal ? reader + 1 : length); }
};

/// Which sequence of the probe is looked at.
struct ProbeChoice {
  bool mean = false;
  int sequence = 0;  ///< among the shown ones
  bool operator==(const ProbeChoice&) const = default;
};

/// What the task knows of the probe: made once a run.
struct ProbeContext {
  core::SequenceSet shown;  ///< the shown sequences, in the frames' order
  std::vector<core::RoleInfo> roles;
  std::vector<core::RolePair> pairs;
  std::vector<core::GroupInfo> groups;  ///< of the task: what shown.groups counts
  bool causal = true;
  int probe_size = 512;
};

/// Roles, pairs and the first `n_shown` sequences of the probe.
ProbeContext makeProbeContext(const core::Task& task, const core::SequenceSet& probe,
                              std::size_t n_shown, bool causal);

TokenRole tokenRole(const core::RoleInfo& role);

/// The tokens of a shown sequence; empty when there is no such sequence.
std::vector<TokenText> tokensOf(const ProbeContext& probe, int sequence);

/// One head of a frame. Empty (length 0) when the frame does not have what is asked for: patterns
/// not kept, no mean because lengths differ, no such sequence or head.
HeadMapData makeHeadMap(const core::Frame& frame, const ProbeContext& probe, ProbeChoice choice,
                        int layer, int head);

/// Every head, [layer * n_heads + head].
std::vector<HeadMapData> makeHeadMaps(const core::Frame& frame, const ProbeContext& probe,
                                      ProbeChoice choice);

/// "L1 H0"; `long_form`: "Layer 1  Head 0".
QString headName(int layer, int head, bool long_form = false);

/// "Layer 1 head 0. Reader 8, token 39. Source 3, token 46, key. Attention 0.91, untrained 0.11."
QString cellDescription(const HeadMapData& data, Cell cell);

/// Title and lines of the tooltip: "Position 8 reads 46 at position 3", then attention and mean.
struct CellTip {
  QString title;
  QStringList lines;
};
CellTip cellTip(const HeadMapData& data, Cell cell);

/// reader, reader token, source, source token, attention, mean.
NumberTable headMapNumbers(const HeadMapData& data);

}  // namespace anchorlens::widgets
