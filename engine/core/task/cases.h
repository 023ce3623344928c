// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/enumerate.h"

#include <vector>

/// Counting instead of drawing: every value of the keys that matter, at every place that matters.
/// Private to the task.
namespace anchorlens::core {

/// First positions of some keys, and the share of placements that have them.
struct PlaceClass {
  std::vector<std::uint16_t> firsts;  ///< as the keys asked for
  double p = 0;
};

/// Cases of one cell.
class Cases {
 public:
  /// with_answers: also the keys that the answer is made of.
  Cases(const TaskPlan& plan, const Cell& cell, bool with_answers);

  /// Number of cases over all combinations; infinite when the placements are not listed.
  double size() const { return m_size; }

  /// Calls visit(reading, p) for every case of a combination; the p add up to 1.
  template <typename Visit>
  void forEach(int combination, Visit visit) const {
    Reading base{};  // keys that do not matter are 0
    base.length = m_cell.length;
    setCombination(m_form, combination, base);
    const std::vector<int> keys = keysOf(base);
    const double n = countValues(m_form, keys, domainOf);
    for (const PlaceClass& place : m_places) {
      forEachValue(m_form, keys, domainOf, base, [&] {
        Reading reading = base;
        for (std::size_t i = 0; i < m_place_keys.size(); ++i) {
          const auto key = at(m_place_keys[i]);
          reading.firsts[key] = place.firsts[i];
          reading.values[key] += m_form.symbols[key].is_shifted ? place.firsts[i] : 0;
        }
        visit(reading, place.p / n);
        return true;
      });
    }
  }

 private:
  std::vector<int> keysOf(const Reading& reading) const;
  void findPlaces();

  const Cell& m_cell;
  const FormPlan& m_form;
  bool m_with_answers;
  bool m_needs_answer_key = false;
  std::vector<int> m_rule_keys;
  std::vector<int> m_place_keys;  ///< keys of which the place matters
  std::vector<PlaceClass> m_places;
  double m_size = 0;
};

}  // namespace anchorlens::core
