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
      for (std::size_t i = 0; i < m_place_keys.size(); ++i) {
        base.firsts[at(m_place_keys[i])] = place.firsts[i];
      }
      forEachValue(m_form, keys, domainOf, base, [&] {
        m_has_shifted ? visit(shifted(base), place.p / n) : visit(base, place.p / n);
        return true;
      });
    }
  }

 private:
  std::vector<int> keysOf(const Reading& reading) const;
  /// Keys that are drawn as s + position.
  Reading shifted(const Reading& drawn) const;
  void findPlaces();

  const Cell& m_cell;
  const FormPlan& m_form;
  bool m_with_answers;
  bool m_needs_answer_key = false;
  bool m_has_shifted = false;
  std::vector<int> m_rule_keys;
  std::vector<int> m_place_keys;  ///< keys of which the place matters
  std::vector<PlaceClass> m_places;
  double m_size = 0;
};

}  // namespace anchorlens::core
