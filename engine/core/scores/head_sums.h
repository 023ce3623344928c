// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/scores/probe_cells.h"

#include <array>
#include <cstdint>
#include <vector>

/// Private to engine/core/scores.
namespace anchorlens::core::scores {

/// Attention of one head on the cells of ProbeCells, added up over the sequences.
class HeadSums {
 public:
  struct Source {
    double output = 0;
    double later = 0;
    std::int64_t output_covered = 0;
    std::int64_t later_covered = 0;
  };

  explicit HeadSums(const ProbeCells& cells);

  /// Adds one sequence.
  ///
  /// Shape:
  ///   pattern: [seq_len, seq_len], query rows
  void add(const SequenceCells& sequence, const float* pattern);

  std::array<double, kLags> lags{};
  std::array<std::int64_t, kLags> consistent{};  ///< rows whose largest cell is that lag
  double diagonal = 0;
  double first_column = 0;
  double induction = 0;
  double duplicate = 0;
  std::vector<double> pairs;
  std::vector<Source> sources;
  /// Attention to each column, [source][seq_len], in the sequences that have the source: of the
  /// output row; of the rows after the column (for the columns that count, and where the source has
  /// later rows).
  std::vector<double> output_columns;
  std::vector<double> later_columns;

 private:
  void addRows(int length, const float* pattern);
  void addSources(const SequenceCells& sequence, const float* pattern);
  void addFixedColumns(const SequenceCells& sequence, const float* pattern);

  const ProbeCells* m_cells;
  std::vector<float> m_below;  ///< of one sequence: sum of each column below the diagonal
};

}  // namespace anchorlens::core::scores
