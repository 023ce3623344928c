// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/frame.h"
#include "engine/core/task/sequence_set.h"

#include <functional>
#include <optional>
#include <vector>

/// The definitions of docs/scores.md word by word, one cell after the other: what the fast code is
/// compared with.
namespace anchorlens::test {

struct SlowScores {
  const core::PatternBatch& patterns;
  const core::SequenceSet& set;
  int layer = 0;
  int head = 0;
  bool causal = true;

  struct Cell {
    std::size_t sequence;
    int row;
    std::vector<int> columns;  ///< their attention is added up
  };

  double attention(std::size_t sequence, int row, int column) const {
    return static_cast<double>(
        patterns.of(sequence, layer, head)[static_cast<std::size_t>(row * set.seq_len + column)]);
  }
  int length(std::size_t sequence) const { return set.lengths[sequence]; }

  /// First place of the role; -1 when the sequence has none.
  int place(std::size_t sequence, int role) const {
    const auto roles = set.rolesOf(sequence);
    for (std::size_t at = 0; at < roles.size(); ++at) {
      if (roles[at] == role) {
        return static_cast<int>(at);
      }
    }
    return -1;
  }

  core::Score scoreOf(const std::vector<Cell>& cells) const {
    double mass = 0;
    double chance = 0;
    for (const Cell& cell : cells) {
      for (const int column : cell.columns) {
        mass += attention(cell.sequence, cell.row, column);
        chance += 1.0 / (causal ? cell.row + 1 : length(cell.sequence));
      }
    }
    if (cells.empty()) {
      return {};
    }
    mass /= static_cast<double>(cells.size());
    chance /= static_cast<double>(cells.size());
    return {mass, chance, chance >= 1 ? 0 : (mass - chance) / (1 - chance)};
  }

  double coverage(const std::vector<Cell>& cells) const {
    double covered = 0;
    for (const Cell& cell : cells) {
      covered += attention(cell.sequence, cell.row, cell.columns.front()) >= 0.5 ? 1 : 0;
    }
    return cells.empty() ? 0 : covered / static_cast<double>(cells.size());
  }

  /// Cells for which `columns` finds any.
  std::vector<Cell> cellsWhere(
      const std::function<std::vector<int>(std::size_t sequence, int row)>& columns) const {
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < set.size(); ++i) {
      for (int row = 0; row < length(i); ++row) {
        std::vector<int> found = columns(i, row);
        if (!found.empty()) {
          cells.push_back({i, row, std::move(found)});
        }
      }
    }
    return cells;
  }

  std::vector<Cell> lag(int d) const {
    return cellsWhere([d](std::size_t, int row) {
      return row >= d ? std::vector<int>{row - d} : std::vector<int>{};
    });
  }

  double consistency(int d) const {
    const std::vector<Cell> cells = lag(d);
    double n = 0;
    for (const Cell& cell : cells) {
      const double own = attention(cell.sequence, cell.row, cell.columns.front());
      bool is_largest = true;
      for (int column = 0; column < length(cell.sequence); ++column) {
        is_largest &=
            column == cell.columns.front() || attention(cell.sequence, cell.row, column) < own;
      }
      n += is_largest ? 1 : 0;
    }
    return n / static_cast<double>(cells.size());
  }

  /// The later of two roles looks at the earlier, in sequences of these forms.
  std::vector<Cell> pair(int first, int second, const std::vector<int>& forms) const {
    return cellsWhere([&](std::size_t i, int row) {
      const int a = place(i, first);
      const int b = place(i, second);
      bool is_joined = false;
      for (const int form : forms) {
        is_joined |= set.forms[i] == form;
      }
      if (a < 0 || b < 0 || !is_joined || row != std::max(a, b)) {
        return std::vector<int>{};
      }
      return std::vector<int>{std::min(a, b)};
    });
  }

  std::vector<Cell> output(int role) const {
    return cellsWhere([&](std::size_t i, int row) {
      const int p = place(i, role);
      return p >= 0 && row == length(i) - 1 ? std::vector<int>{p} : std::vector<int>{};
    });
  }

  std::vector<Cell> later(int role) const {
    return cellsWhere([&](std::size_t i, int row) {
      const int p = place(i, role);
      return p >= 0 && row > p ? std::vector<int>{p} : std::vector<int>{};
    });
  }

  /// Best fixed column for the output rows; of equal ones the last.
  double fixedOutput(int role, int& best) const {
    double largest = -1e9;
    for (int column = 0; column < set.seq_len; ++column) {
      std::vector<Cell> cells = output(role);
      for (Cell& cell : cells) {
        cell.columns = {column};
      }
      const double lift = scoreOf(cells).lift;
      if (lift >= largest) {
        largest = lift;
        best = column;
      }
    }
    return largest;
  }

  /// Best fixed column for all later rows.
  double fixedLater(int role, int& best) const {
    double largest = -1e9;
    for (int column = 0; column < set.seq_len; ++column) {
      const std::vector<Cell> cells = cellsWhere([&](std::size_t i, int row) {
        const int p = place(i, role);
        const bool counts = p >= 0 && p < length(i) - 1 && column <= length(i) - 4;
        return counts && row > column ? std::vector<int>{column} : std::vector<int>{};
      });
      const double lift = scoreOf(cells).lift;
      if (!cells.empty() && lift >= largest) {
        largest = lift;
        best = column;
      }
    }
    return largest;
  }

  /// offset 0: the earlier places of the row's token; 1: the places after them.
  std::vector<Cell> repeats(int offset) const {
    return cellsWhere([&](std::size_t i, int row) {
      const auto tokens = set.row(i);
      std::vector<int> columns;
      for (int before = 0; before < row; ++before) {
        if (tokens[static_cast<std::size_t>(before)] == tokens[static_cast<std::size_t>(row)] &&
            before + offset < row) {
          columns.push_back(before + offset);
        }
      }
      return columns;
    });
  }
};

}  // namespace anchorlens::test
