// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/scores/probe_cells.h"

#include <algorithm>
#include <utility>

namespace anchorlens::core::scores {
namespace {

/// Two roles without their order, and the forms in which the answer joins them.
struct RoleSet {
  std::uint8_t low = 0;
  std::uint8_t high = 0;
  std::vector<int> forms;
};

bool isAnchor(std::span<const RoleInfo> roles, std::uint8_t role) {
  return role < roles.size() && roles[role].kind == RoleInfo::Kind::Anchor;
}

/// One entry for each two roles of which one is an anchor: without an anchor there is no task row.
std::vector<RoleSet> mergedPairs(std::span<const RoleInfo> roles, std::span<const RolePair> pairs) {
  std::vector<RoleSet> merged;
  for (const RolePair& pair : pairs) {
    const auto [low, high] = std::minmax(pair.first, pair.second);
    if (low == high || !(isAnchor(roles, low) || isAnchor(roles, high))) {
      continue;
    }
    auto found =
        std::find_if(merged.begin(), merged.end(), [low = low, high = high](const RoleSet& set) {
          return set.low == low && set.high == high;
        });
    if (found == merged.end()) {
      found = merged.insert(merged.end(), {low, high, {}});
    }
    found->forms.push_back(pair.form);
  }
  return merged;
}

class Finder {
 public:
  Finder(const SequenceSet& sequences, std::span<const RoleInfo> roles,
         std::span<const RolePair> pairs, bool causal)
      : m_sequences(sequences),
        m_roles(roles),
        m_pairs(mergedPairs(roles, pairs)),
        m_source_of_role(roles.size(), -1),
        m_places(roles.size(), -1),
        m_pair_totals(m_pairs.size()),
        m_low_reads(m_pairs.size(), 0) {
    m_cells.seq_len = sequences.seq_len;
    m_cells.causal = causal;
    numberSources();
  }

  ProbeCells run() {
    m_cells.sequences.reserve(m_sequences.size());
    for (std::size_t i = 0; i < m_sequences.size(); ++i) {
      addSequence(i);
    }
    finishPairs();
    return std::move(m_cells);
  }

 private:
  using Range = SequenceCells::Range;

  double chance(int row, int length) const { return 1.0 / (m_cells.causal ? row + 1 : length); }

  template <typename List>
  static std::uint32_t sizeOf(const List& list) {
    return static_cast<std::uint32_t>(list.size());
  }

  void numberSources() {
    std::vector<bool> is_used(m_roles.size(), false);
    for (std::size_t i = 0; i < m_sequences.size(); ++i) {
      for (const std::uint8_t role : m_sequences.rolesOf(i)) {
        is_used.at(role) = true;
      }
    }
    for (std::size_t role = 0; role < m_roles.size(); ++role) {
      if (is_used[role] && m_roles[role].kind != RoleInfo::Kind::Noise) {
        m_source_of_role[role] = static_cast<int>(m_cells.sources.size());
        SourceCells& source = m_cells.sources.emplace_back();
        source.role = static_cast<std::uint8_t>(role);
        source.later_columns.resize(static_cast<std::size_t>(m_cells.seq_len));
      }
    }
  }

  void addSequence(std::size_t i) {
    SequenceCells& sequence = m_cells.sequences.emplace_back();
    sequence.length = m_sequences.lengths[i];
    findPlaces(i);
    addRows(sequence.length);
    sequence.sources = addSources(sequence.length);
    sequence.pairs = addPairs(i, sequence.length);
    addRepeats(i, sequence);
  }

  void findPlaces(std::size_t i) {
    std::fill(m_places.begin(), m_places.end(), -1);
    const auto roles = m_sequences.rolesOf(i);
    for (std::size_t at = roles.size(); at-- > 0;) {
      m_places[roles[at]] = static_cast<int>(at);
    }
  }

  void addRows(int length) {
    for (int row = 0; row < length; ++row) {
      const double c = chance(row, length);
      m_cells.diagonal.add(c);
      m_cells.first_column.add(c);
      for (int lag = 1; lag <= std::min(row, kLags); ++lag) {
        m_cells.lags[static_cast<std::size_t>(lag - 1)].add(c);
      }
    }
  }

  Range addSources(int length) {
    const std::uint32_t begin = sizeOf(m_cells.source_places);
    for (std::size_t role = 0; role < m_places.size(); ++role) {
      if (m_places[role] < 0 || m_source_of_role[role] < 0) {
        continue;
      }
      const auto index = static_cast<std::size_t>(m_source_of_role[role]);
      m_cells.source_places.push_back({static_cast<std::uint32_t>(index), m_places[role]});
      addSource(m_cells.sources[index], m_places[role], length);
    }
    return {begin, sizeOf(m_cells.source_places)};
  }

  void addSource(SourceCells& source, int position, int length) const {
    source.output.add(chance(length - 1, length));
    for (int row = position + 1; row < length; ++row) {
      source.later.add(chance(row, length));
    }
    if (position == length - 1) {
      return;
    }
    for (int column = 0; column < length - kFixedColumnReaders; ++column) {
      Cells& cells = source.later_columns[static_cast<std::size_t>(column)];
      for (int row = column + 1; row < length; ++row) {
        cells.add(chance(row, length));
      }
    }
  }

  Range addPairs(std::size_t i, int length) {
    const std::uint32_t begin = sizeOf(m_cells.pair_places);
    for (std::size_t pair = 0; pair < m_pairs.size(); ++pair) {
      const RoleSet& set = m_pairs[pair];
      const int low = m_places[set.low];
      const int high = m_places[set.high];
      const bool is_joined =
          std::find(set.forms.begin(), set.forms.end(), m_sequences.forms[i]) != set.forms.end();
      if (low < 0 || high < 0 || !is_joined) {
        continue;
      }
      const auto [source, reader] = std::minmax(low, high);
      m_low_reads[pair] += low > high ? 1 : -1;
      m_pair_totals[pair].add(chance(reader, length));
      m_cells.pair_places.push_back(
          {static_cast<std::uint32_t>(pair), reader * m_cells.seq_len + source});
    }
    return {begin, sizeOf(m_cells.pair_places)};
  }

  /// Rows whose token occurred before: the earlier places (duplicate), and the places right after
  /// them (induction) unless that is the row itself.
  void addRepeats(std::size_t i, SequenceCells& sequence) {
    const auto tokens = m_sequences.row(i);
    sequence.induction.begin = sizeOf(m_cells.induction_cells);
    sequence.duplicate.begin = sizeOf(m_cells.duplicate_cells);
    for (int row = 1; row < sequence.length; ++row) {
      int n_duplicate = 0;
      int n_induction = 0;
      for (int column = 0; column < row; ++column) {
        if (tokens[static_cast<std::size_t>(column)] != tokens[static_cast<std::size_t>(row)]) {
          continue;
        }
        m_cells.duplicate_cells.push_back(row * m_cells.seq_len + column);
        ++n_duplicate;
        if (column + 1 < row) {
          m_cells.induction_cells.push_back(row * m_cells.seq_len + column + 1);
          ++n_induction;
        }
      }
      const double c = chance(row, sequence.length);
      if (n_duplicate > 0) {
        m_cells.duplicate.add(n_duplicate * c);
      }
      if (n_induction > 0) {
        m_cells.induction.add(n_induction * c);
      }
    }
    sequence.induction.end = sizeOf(m_cells.induction_cells);
    sequence.duplicate.end = sizeOf(m_cells.duplicate_cells);
  }

  /// Pairs that no sequence has are left out, and the rest are numbered anew.
  void finishPairs() {
    std::vector<std::uint32_t> number(m_pairs.size(), 0);
    for (std::size_t pair = 0; pair < m_pairs.size(); ++pair) {
      if (m_pair_totals[pair].count == 0) {
        continue;
      }
      number[pair] = sizeOf(m_cells.pairs);
      const bool low_reads = m_low_reads[pair] > 0;
      m_cells.pairs.push_back({low_reads ? m_pairs[pair].low : m_pairs[pair].high,
                               low_reads ? m_pairs[pair].high : m_pairs[pair].low,
                               m_pair_totals[pair]});
    }
    for (PairPlace& place : m_cells.pair_places) {
      place.pair = number[place.pair];
    }
  }

  const SequenceSet& m_sequences;
  std::span<const RoleInfo> m_roles;
  std::vector<RoleSet> m_pairs;
  std::vector<int> m_source_of_role;
  std::vector<int> m_places;  ///< first place of each role in the sequence at hand; -1 none
  std::vector<Cells> m_pair_totals;
  std::vector<int> m_low_reads;  ///< sequences where the lower role reads, less the others
  ProbeCells m_cells;
};

}  // namespace

ProbeCells findCells(const SequenceSet& sequences, std::span<const RoleInfo> roles,
                     std::span<const RolePair> pairs, bool causal) {
  return Finder(sequences, roles, pairs, causal).run();
}

}  // namespace anchorlens::core::scores
