// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/scores/score_heads.h"

#include "engine/core/scores/head_sums.h"
#include "engine/core/scores/probe_cells.h"

#include <optional>
#include <stdexcept>
#include <string>

namespace anchorlens::core {
namespace {

using scores::Cells;
using scores::HeadSums;
using scores::PairCells;
using scores::ProbeCells;
using scores::SourceCells;

Score scoreOf(double sum, const Cells& cells) {
  if (cells.count == 0) {
    return {};
  }
  const auto n = static_cast<double>(cells.count);
  return {sum / n, cells.chance_sum / n, lift(sum / n, cells.chance_sum / n)};
}

std::optional<Score> optionalScoreOf(double sum, const Cells& cells) {
  return cells.count == 0 ? std::nullopt : std::optional<Score>(scoreOf(sum, cells));
}

double shareOf(std::int64_t part, const Cells& cells) {
  return cells.count == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(cells.count);
}

/// The best lift of a column that stays where it is; of equal ones the last.
struct FixedColumn {
  int column = -1;
  double lift = 0;

  void consider(int candidate, double candidate_lift) {
    if (column < 0 || candidate_lift >= lift) {
      column = candidate;
      lift = candidate_lift;
    }
  }
};

void setShifts(HeadScores& head, const ProbeCells& cells, const HeadSums& sums) {
  for (std::size_t d = 0; d < scores::kLags; ++d) {
    head.shift_lags[d] = scoreOf(sums.lags[d], cells.lags[d]);
    const auto best = static_cast<std::size_t>(head.shift_lag - 1);
    if (head.shift_lags[d].lift > head.shift_lags[best].lift) {
      head.shift_lag = static_cast<int>(d + 1);
    }
  }
  const auto best = static_cast<std::size_t>(head.shift_lag - 1);
  head.shift_consistency = shareOf(sums.consistent[best], cells.lags[best]);
  head.previous = head.shift_lags[0];
  for (std::size_t i = 0; i < cells.pairs.size(); ++i) {
    const PairCells& pair = cells.pairs[i];
    const RowScore row{pair.reader, pair.source, scoreOf(sums.pairs[i], pair.cells)};
    head.shift_rows.push_back(row);
    if (!head.shift_row || row.score.lift > head.shift_row->score.lift) {
      head.shift_row = row;
    }
  }
}

BroadcastScore broadcastOf(const ProbeCells& cells, const HeadSums& sums, std::size_t i) {
  const SourceCells& source = cells.sources[i];
  const HeadSums::Source& sum = sums.sources[i];
  const auto seq_len = static_cast<std::size_t>(cells.seq_len);
  FixedColumn output;
  FixedColumn later;
  for (std::size_t column = 0; column < seq_len; ++column) {
    const Cells& later_cells = source.later_columns[column];
    const double in_output = sums.output_columns[i * seq_len + column];
    output.consider(static_cast<int>(column), scoreOf(in_output, source.output).lift);
    if (later_cells.count > 0) {
      const double in_later = sums.later_columns[i * seq_len + column];
      later.consider(static_cast<int>(column), scoreOf(in_later, later_cells).lift);
    }
  }
  BroadcastScore score;
  score.source = source.role;
  score.output = scoreOf(sum.output, source.output);
  score.output_coverage = shareOf(sum.output_covered, source.output);
  score.output_fixed_column = output.column;
  score.output_fixed_lift = output.lift;
  score.output_tracking = score.output.lift - output.lift;
  score.later = optionalScoreOf(sum.later, source.later);
  if (score.later) {
    score.later_coverage = shareOf(sum.later_covered, source.later);
    score.later_fixed_column = later.column;
    score.later_fixed_lift = later.lift;
    score.later_tracking = score.later->lift - later.lift;
  }
  return score;
}

void setBroadcasts(HeadScores& head, const ProbeCells& cells, const HeadSums& sums) {
  for (std::size_t i = 0; i < cells.sources.size(); ++i) {
    head.broadcasts.push_back(broadcastOf(cells, sums, i));
    const bool is_best =
        head.best_broadcast < 0 ||
        head.broadcasts.back().output.lift >
            head.broadcasts[static_cast<std::size_t>(head.best_broadcast)].output.lift;
    if (is_best) {
      head.best_broadcast = static_cast<int>(i);
    }
  }
}

HeadScores scoresOf(const ProbeCells& cells, const HeadSums& sums) {
  HeadScores head;
  setShifts(head, cells, sums);
  setBroadcasts(head, cells, sums);
  head.self = scoreOf(sums.diagonal, cells.diagonal);
  head.sink = scoreOf(sums.first_column, cells.first_column);
  head.induction = optionalScoreOf(sums.induction, cells.induction);
  head.duplicate = optionalScoreOf(sums.duplicate, cells.duplicate);
  return head;
}

void checkShapes(const PatternBatch& patterns, const SequenceSet& sequences) {
  if (patterns.n == sequences.size() && patterns.seq_len == sequences.seq_len &&
      patterns.pattern.size() == patterns.n * patterns.heads() * patterns.cells()) {
    return;
  }
  throw std::invalid_argument("patterns of " + std::to_string(patterns.n) +
                              " sequences of length " + std::to_string(patterns.seq_len) + " (" +
                              std::to_string(patterns.pattern.size()) + " cells, " +
                              std::to_string(patterns.heads()) + " heads) do not belong to " +
                              std::to_string(sequences.size()) + " sequences of length " +
                              std::to_string(sequences.seq_len));
}

}  // namespace

std::vector<HeadScores> scoreHeads(const PatternBatch& patterns, const SequenceSet& sequences,
                                   std::span<const RoleInfo> roles, std::span<const RolePair> pairs,
                                   bool causal) {
  checkShapes(patterns, sequences);
  const ProbeCells cells = scores::findCells(sequences, roles, pairs, causal);
  std::vector<HeadSums> sums(patterns.heads(), HeadSums(cells));
  const float* pattern = patterns.pattern.data();
  for (const scores::SequenceCells& sequence : cells.sequences) {
    for (HeadSums& head : sums) {
      head.add(sequence, pattern);
      pattern += patterns.cells();
    }
  }
  std::vector<HeadScores> heads;
  heads.reserve(sums.size());
  for (const HeadSums& head : sums) {
    heads.push_back(scoresOf(cells, head));
  }
  return heads;
}

}  // namespace anchorlens::core
