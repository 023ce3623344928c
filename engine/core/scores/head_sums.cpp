// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/scores/head_sums.h"

#include <algorithm>

namespace anchorlens::core::scores {
namespace {

constexpr float kCovered = 0.5F;

/// The lag at which the row's largest cell stands; 0 when that is none of 1..kLags, or when two
/// cells are equally large.
int lagOfMaximum(const float* row, int at, int visible) {
  const int furthest = std::min(at, kLags);
  int lag = 0;
  float largest = -1;
  for (int d = 1; d <= furthest; ++d) {
    if (row[at - d] > largest) {
      largest = row[at - d];
      lag = d;
    }
  }
  // Cells add up to 1: one above a half is the largest without looking further.
  if (largest > kCovered) {
    return lag;
  }
  for (int column = 0; column < visible; ++column) {
    if (row[column] >= largest && column != at - lag) {
      return 0;
    }
  }
  return lag;
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
  std::array<float, kLags> lag_sums{};
  float diagonal_sum = 0;
  float first_sum = 0;
  for (int at = 0; at < length; ++at) {
    const float* const row = pattern + at * m_cells->seq_len;
    diagonal_sum += row[at];
    first_sum += row[0];
    const int furthest = std::min(at, kLags);
    for (int d = 1; d <= furthest; ++d) {
      lag_sums[static_cast<std::size_t>(d - 1)] += row[at - d];
    }
    const int lag = lagOfMaximum(row, at, m_cells->causal ? at + 1 : length);
    if (lag > 0) {
      ++consistent[static_cast<std::size_t>(lag - 1)];
    }
  }
  diagonal += static_cast<double>(diagonal_sum);
  first_column += static_cast<double>(first_sum);
  for (std::size_t d = 0; d < kLags; ++d) {
    lags[d] += static_cast<double>(lag_sums[d]);
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
