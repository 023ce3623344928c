// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/scores/head_sums.h"

#include <algorithm>

namespace anchorlens::core::scores {
namespace {

constexpr float kCovered = 0.5F;
/// A row whose largest cell is not this much above its mean is flat: it has no arg-max.
constexpr float kFlat = 1.00001F;

/// The kLags cells before the diagonal as they stand in a row: lag 4 first.
struct LagSums {
  std::array<float, kLags> attention{};
  std::array<std::int32_t, kLags> consistent{};

  void add(const float* row, int at, int visible, float largest) {
    const float wanted = largest * static_cast<float>(visible) > kFlat ? largest : -1.0F;
    if (at >= kLags) {
      // A fixed number of neighbouring cells: vector instructions.
      for (std::size_t i = 0; i < kLags; ++i) {
        addCell(i, row[at - kLags + static_cast<int>(i)], wanted);
      }
      return;
    }
    for (int d = 1; d <= at; ++d) {
      addCell(static_cast<std::size_t>(kLags - d), row[at - d], wanted);
    }
  }

 private:
  void addCell(std::size_t i, float cell, float wanted) {
    attention[i] += cell;
    consistent[i] += cell == wanted ? 1 : 0;
  }
};

/// The largest of the row's first `visible` cells. Four at a time and without branches: this is the
/// inner loop of all scoring.
float maximumOf(const float* row, int visible) {
  std::array<float, 4> largest{};  // cells are never negative
  int column = 0;
  for (; column + 4 <= visible; column += 4) {
    for (std::size_t i = 0; i < 4; ++i) {
      const float cell = row[column + static_cast<int>(i)];
      largest[i] = cell > largest[i] ? cell : largest[i];
    }
  }
  for (; column < visible; ++column) {
    largest[0] = row[column] > largest[0] ? row[column] : largest[0];
  }
  return *std::max_element(largest.begin(), largest.end());
}

double sumOf(const float* pattern, const std::vector<std::int32_t>& cells,
             SequenceCells::Range range) {
  double sum = 0;
  for (std::uint32_t i = range.begin; i < range.end; ++i) {
    sum += static_cast<double>(pattern[cells[i]]);
  }
  return sum;
}

}  // namespace

HeadSums::HeadSums(const ProbeCells& cells)
    : pairs(cells.pairs.size(), 0.0),
      sources(cells.sources.size()),
      output_columns(cells.sources.size() * static_cast<std::size_t>(cells.seq_len), 0.0),
      later_columns(output_columns.size(), 0.0),
      m_cells(&cells),
      m_below(static_cast<std::size_t>(cells.seq_len)) {}

void HeadSums::add(const SequenceCells& sequence, const float* pattern) {
  addRows(sequence.length, pattern);
  for (std::uint32_t i = sequence.pairs.begin; i < sequence.pairs.end; ++i) {
    const PairPlace& place = m_cells->pair_places[i];
    pairs[place.pair] += static_cast<double>(pattern[place.cell]);
  }
  induction += sumOf(pattern, m_cells->induction_cells, sequence.induction);
  duplicate += sumOf(pattern, m_cells->duplicate_cells, sequence.duplicate);
  addSources(sequence, pattern);
  addFixedColumns(sequence, pattern);
}

void HeadSums::addRows(int length, const float* pattern) {
  LagSums lag_sums;
  float diagonal_sum = 0;
  float first_sum = 0;
  for (int at = 0; at < length; ++at) {
    const float* const row = pattern + at * m_cells->seq_len;
    diagonal_sum += row[at];
    first_sum += row[0];
    const int visible = m_cells->causal ? at + 1 : length;
    lag_sums.add(row, at, visible, maximumOf(row, visible));
  }
  diagonal += static_cast<double>(diagonal_sum);
  first_column += static_cast<double>(first_sum);
  for (std::size_t d = 0; d < kLags; ++d) {
    lags[d] += static_cast<double>(lag_sums.attention[kLags - 1 - d]);
    consistent[d] += lag_sums.consistent[kLags - 1 - d];
  }
}

void HeadSums::addSources(const SequenceCells& sequence, const float* pattern) {
  const auto stride = static_cast<std::size_t>(m_cells->seq_len);
  const float* const output = pattern + (sequence.length - 1) * m_cells->seq_len;
  for (std::uint32_t i = sequence.sources.begin; i < sequence.sources.end; ++i) {
    const SourcePlace& place = m_cells->source_places[i];
    Source& source = sources[place.source];
    source.output += static_cast<double>(output[place.position]);
    source.output_covered += output[place.position] >= kCovered ? 1 : 0;
    float later = 0;
    for (int row = place.position + 1; row < sequence.length; ++row) {
      const float cell = pattern[row * m_cells->seq_len + place.position];
      later += cell;
      source.later_covered += cell >= kCovered ? 1 : 0;
    }
    source.later += static_cast<double>(later);
    double* const columns = output_columns.data() + place.source * stride;
    for (int column = 0; column < sequence.length; ++column) {
      columns[column] += static_cast<double>(output[column]);
    }
  }
}

void HeadSums::addFixedColumns(const SequenceCells& sequence, const float* pattern) {
  const int n_columns = sequence.length - kFixedColumnReaders;
  std::fill(m_below.begin(), m_below.end(), 0.0F);
  for (int row = 1; row < sequence.length; ++row) {
    const float* const cells = pattern + row * m_cells->seq_len;
    const int before = std::min(row, n_columns);
    for (int column = 0; column < before; ++column) {
      m_below[static_cast<std::size_t>(column)] += cells[column];
    }
  }
  for (std::uint32_t i = sequence.sources.begin; i < sequence.sources.end; ++i) {
    const SourcePlace& place = m_cells->source_places[i];
    if (place.position == sequence.length - 1) {
      continue;
    }
    double* const sums =
        later_columns.data() + place.source * static_cast<std::size_t>(m_cells->seq_len);
    for (int column = 0; column < n_columns; ++column) {
      sums[column] += static_cast<double>(m_below[static_cast<std::size_t>(column)]);
    }
  }
}

}  // namespace anchorlens::core::scores
