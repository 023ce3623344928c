// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/sequence_set.h"
#include "engine/core/task/task.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

/// Private to engine/core/scores: which cells of each attention pattern a score looks at. They
/// depend on the sequences alone, so they are found once for all heads.
namespace anchorlens::core::scores {

inline constexpr int kLags = 4;
/// A fixed column counts for "all later rows" when at least so many rows come after it.
inline constexpr int kFixedColumnReaders = 3;

/// Cells of one kind over all sequences: how many, and what an untrained head has there.
struct Cells {
  std::int64_t count = 0;
  double chance_sum = 0;

  void add(double chance) {
    ++count;
    chance_sum += chance;
  }
};

/// A source role at its place in one sequence.
struct SourcePlace {
  std::uint32_t source = 0;  ///< index into ProbeCells::sources
  std::int32_t position = 0;
};

/// The cell of a pair of roles in one sequence.
struct PairPlace {
  std::uint32_t pair = 0;  ///< index into ProbeCells::pairs
  std::int32_t cell = 0;   ///< reader * seq_len + source
};

/// Ranges into the flat lists of ProbeCells, for one sequence.
struct SequenceCells {
  struct Range {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  std::int32_t length = 0;
  Range sources;
  Range pairs;
  Range induction;
  Range duplicate;
};

/// Totals of one source role.
struct SourceCells {
  std::uint8_t role = 0;
  Cells output;
  Cells later;
  /// [seq_len]: rows after the column, in the sequences that have rows after the source.
  std::vector<Cells> later_columns;
};

/// Totals of one pair of roles.
struct PairCells {
  std::uint8_t reader = 0;  ///< the later token in most sequences
  std::uint8_t source = 0;
  Cells cells;
};

struct ProbeCells {
  int seq_len = 0;
  bool causal = true;
  std::vector<SequenceCells> sequences;
  std::vector<SourcePlace> source_places;
  std::vector<PairPlace> pair_places;
  std::vector<std::int32_t> induction_cells;  ///< row * seq_len + column
  std::vector<std::int32_t> duplicate_cells;

  std::array<Cells, kLags> lags;
  Cells diagonal;
  Cells first_column;
  Cells induction;  ///< counts rows; the chance of a row is that of all its cells together
  Cells duplicate;
  std::vector<SourceCells> sources;
  std::vector<PairCells> pairs;  ///< without those that no sequence has
};

/// Finds the cells. `roles` and `pairs` as in Task; a role that stands at several places counts at
/// its first one.
ProbeCells findCells(const SequenceSet& sequences, std::span<const RoleInfo> roles,
                     std::span<const RolePair> pairs, bool causal);

}  // namespace anchorlens::core::scores
