// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/random.h"
#include "engine/core/task/token_set.h"

#include <array>
#include <cstdint>
#include <vector>

/// Where the symbols of a form can stand. Private to the task.
namespace anchorlens::core {

inline constexpr int kMaxLength = 1024;
inline constexpr int kMaxSymbols = 64;  ///< different anchors and keys of one form

/// One item of a pattern, its name resolved.
struct Element {
  enum class Kind : std::uint8_t { Gap, Noise, Symbol, Blocks };
  Kind kind = Kind::Gap;
  int symbol = 0;
  int occurrence = 0;  ///< number of this symbol item in the order of the text
  std::vector<std::vector<Element>> blocks;
};
using Elements = std::vector<Element>;

/// Noise between two symbols: at least `min`, any number more when open.
struct Run {
  int min = 0;
  bool is_open = false;
};

/// The pattern with its blocks in one order: runs[0] occurrences[0] runs[1] ... runs.back().
struct Order {
  std::vector<int> occurrences;
  std::vector<Run> runs{Run{}};
};

/// Number of orders of the blocks; saturates at 10^9.
std::int64_t countOrders(const Elements& elements);
/// All of them; call with countOrders() in bounds.
std::vector<Order> makeOrders(const Elements& elements);

/// Shortest sequence, and whether longer ones fit.
struct Extent {
  int min = 0;
  bool is_open = false;
  bool holds(int length) const { return is_open ? length >= min : length == min; }
};
Extent extentOf(const Elements& elements);
Extent extentOf(const Element& element);

/// One placement: what stands where.
struct Placement {
  const std::uint16_t* positions = nullptr;  ///< [occurrences]
  const std::uint16_t* firsts = nullptr;     ///< [symbols], first position
  const std::uint8_t* roles = nullptr;       ///< [length]
  int index = -1;                            ///< in the table, if there is one
};

/// All placements of one form at one length, each equally likely. Two orders of the blocks that put
/// the same symbols in the same places are one placement.
class Placements {
 public:
  struct Form {
    std::vector<int> symbol_of;       ///< [occurrences]
    std::vector<std::uint8_t> roles;  ///< [symbols]
  };
  Placements() = default;
  Placements(const Form& form, const std::vector<Order>& orders, int length);

  /// Number of placements; exact while there is a table.
  double size() const { return m_size; }
  /// Few enough to be listed.
  bool hasTable() const { return m_has_table; }
  int tableSize() const { return m_table_size; }
  Placement operator[](int i) const {
    const auto row = at(i);
    return {m_positions.data() + row * m_n_occurrences, m_firsts.data() + row * m_n_symbols,
            m_roles.data() + row * at(m_length), i};
  }

  /// Room for a placement that is not in a table.
  struct Scratch {
    std::array<std::uint16_t, kMaxLength> positions;
    std::array<std::uint16_t, kMaxSymbols> firsts;
    std::array<std::uint8_t, kMaxLength> roles;
  };
  Placement draw(Random& random, Scratch& scratch) const {
    if (m_has_table) {
      return (*this)[m_table_size == 1 ? 0
                                       : static_cast<int>(random.below(
                                             static_cast<std::uint32_t>(m_table_size)))];
    }
    return drawSlowly(random, scratch);
  }

 private:
  struct WeightedOrder {
    Order order;
    int free = 0;  ///< noise tokens beyond the smallest runs
    int n_open = 0;
    double cumulative = 0;    ///< compositions of this order and those before it
    std::vector<int> rivals;  ///< orders with the same symbols in a row, this one included
  };
  void keepFitting(const std::vector<Order>& orders);
  void findRivals();
  void makeTable();
  void listRuns(const WeightedOrder& order, std::size_t run, int free, std::vector<int>& runs,
                std::vector<std::vector<int>>& rows) const;
  void write(const Order& order, const std::vector<int>& runs, std::uint16_t* positions,
             std::uint16_t* firsts, std::uint8_t* roles) const;
  Placement drawSlowly(Random& random, Scratch& scratch) const;

  Form m_form;
  int m_length = 0;
  std::size_t m_n_occurrences = 0;
  std::size_t m_n_symbols = 0;
  double m_size = 0;
  bool m_has_table = false;
  int m_table_size = 0;
  std::vector<WeightedOrder> m_orders;
  std::vector<std::uint16_t> m_positions;
  std::vector<std::uint16_t> m_firsts;
  std::vector<std::uint8_t> m_roles;
};

}  // namespace anchorlens::core
