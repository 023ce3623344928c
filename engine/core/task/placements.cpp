// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/placements.h"

#include <algorithm>
#include <map>
#include <set>

namespace anchorlens::core {
namespace {

constexpr double kLargestTable = 1 << 16;
constexpr double kLargestTableBytes = 1 << 21;

/// Ways to share `free` noise tokens among `parts` open runs.
double compositions(int free, int parts) {
  if (parts == 0) {
    return free == 0 ? 1 : 0;
  }
  double ways = 1;
  for (int k = 1; k < parts; ++k) {
    ways = ways * (free + k) / k;
  }
  return ways;
}

bool allows(const Order& order, const std::vector<int>& runs) {
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (runs[i] < order.runs[i].min || (runs[i] > order.runs[i].min && !order.runs[i].is_open)) {
      return false;
    }
  }
  return true;
}

}  // namespace

Placements::Placements(const Form& form, const std::vector<Order>& orders, int length)
    : m_form(form),
      m_length(length),
      m_n_occurrences(form.symbol_of.size()),
      m_n_symbols(form.roles.size()) {
  keepFitting(orders);
  findRivals();
  const double bytes = m_size * (2.0 * static_cast<double>(m_n_occurrences + m_n_symbols) + length);
  if (m_size <= kLargestTable && bytes <= kLargestTableBytes) {
    makeTable();
  }
}

void Placements::keepFitting(const std::vector<Order>& orders) {
  for (const Order& order : orders) {
    WeightedOrder kept{order, m_length - toInt(order.occurrences.size()), 0, 0, {}};
    for (const Run& run : order.runs) {
      kept.free -= run.min;
      kept.n_open += run.is_open ? 1 : 0;
    }
    if (kept.free < 0 || (kept.free > 0 && kept.n_open == 0)) {
      continue;
    }
    m_size += compositions(kept.free, kept.n_open);
    kept.cumulative = m_size;
    m_orders.push_back(std::move(kept));
  }
}

void Placements::findRivals() {
  std::map<std::vector<int>, std::vector<int>> by_symbols;
  for (std::size_t i = 0; i < m_orders.size(); ++i) {
    std::vector<int> symbols;
    for (const int occurrence : m_orders[i].order.occurrences) {
      symbols.push_back(m_form.symbol_of[at(occurrence)]);
    }
    by_symbols[symbols].push_back(toInt(i));
  }
  for (const auto& [symbols, same] : by_symbols) {
    if (same.size() < 2) {
      continue;
    }
    for (const int order : same) {
      m_orders[at(order)].rivals = same;
    }
  }
}

void Placements::listRuns(const WeightedOrder& order, std::size_t run, int free,
                          std::vector<int>& runs, std::vector<std::vector<int>>& rows) const {
  if (run == order.order.runs.size()) {
    if (free == 0) {
      rows.push_back(runs);
    }
    return;
  }
  const Run& limits = order.order.runs[run];
  for (int more = 0; more <= (limits.is_open ? free : 0); ++more) {
    runs.push_back(limits.min + more);
    listRuns(order, run + 1, free - more, runs, rows);
    runs.pop_back();
  }
}

void Placements::makeTable() {
  std::set<std::vector<std::uint8_t>> seen;
  for (const WeightedOrder& order : m_orders) {
    std::vector<std::vector<int>> rows;
    std::vector<int> runs;
    listRuns(order, 0, order.free, runs, rows);
    for (const auto& row : rows) {
      const auto n = at(m_table_size);
      m_positions.resize((n + 1) * m_n_occurrences);
      m_firsts.resize((n + 1) * m_n_symbols);
      m_roles.resize((n + 1) * at(m_length));
      write(order.order, row, m_positions.data() + n * m_n_occurrences,
            m_firsts.data() + n * m_n_symbols, m_roles.data() + n * at(m_length));
      // What stands where, told apart by symbol: roles are one for each symbol of a form.
      std::vector<std::uint8_t> roles(m_roles.end() - m_length, m_roles.end());
      if (order.rivals.empty() || seen.insert(std::move(roles)).second) {
        ++m_table_size;
      }
    }
  }
  m_positions.resize(at(m_table_size) * m_n_occurrences);
  m_firsts.resize(at(m_table_size) * m_n_symbols);
  m_roles.resize(at(m_table_size) * at(m_length));
  m_size = m_table_size;
  m_has_table = true;
}

void Placements::write(const Order& order, const std::vector<int>& runs, std::uint16_t* positions,
                       std::uint16_t* firsts, std::uint8_t* roles) const {
  std::fill(roles, roles + m_length, std::uint8_t{0});
  std::fill(firsts, firsts + m_n_symbols, std::uint16_t{0xFFFF});
  int position = 0;
  for (std::size_t i = 0; i < order.occurrences.size(); ++i) {
    position += runs[i];
    const int occurrence = order.occurrences[i];
    const auto symbol = at(m_form.symbol_of[at(occurrence)]);
    positions[occurrence] = static_cast<std::uint16_t>(position);
    firsts[symbol] = std::min(firsts[symbol], static_cast<std::uint16_t>(position));
    roles[position] = m_form.roles[symbol];
    ++position;
  }
}

Placement Placements::drawSlowly(Random& random, Scratch& scratch) const {
  std::vector<int> runs;
  for (;;) {
    const double wanted = random.uniform() * m_size;
    auto order = std::upper_bound(
        m_orders.begin(), m_orders.end(), wanted,
        [](double value, const WeightedOrder& candidate) { return value < candidate.cumulative; });
    order -= order == m_orders.end() ? 1 : 0;
    runs.clear();
    // Bars among stars: which of the free + n_open - 1 slots are the n_open - 1 borders.
    int bars = order->n_open - 1;
    int slots = order->free + bars;
    for (const Run& run : order->order.runs) {
      int more = 0;
      while (run.is_open && slots > 0 &&
             random.below(static_cast<std::uint32_t>(slots)) >= static_cast<std::uint32_t>(bars)) {
        ++more;
        --slots;
      }
      if (run.is_open && bars > 0) {
        --bars;
        --slots;
      }
      runs.push_back(run.min + more);
    }
    const auto n_rivals = std::count_if(order->rivals.begin(), order->rivals.end(), [&](int rival) {
      return allows(m_orders[at(rival)].order, runs);
    });
    if (n_rivals < 2 || random.below(static_cast<std::uint32_t>(n_rivals)) == 0) {
      write(order->order, runs, scratch.positions.data(), scratch.firsts.data(),
            scratch.roles.data());
      return {scratch.positions.data(), scratch.firsts.data(), scratch.roles.data()};
    }
  }
}

}  // namespace anchorlens::core
