// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/cases.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace anchorlens::core {
namespace {

void collectKeys(const Program& program, std::set<int>& keys) {
  for (const Node& node : program.nodes) {
    if (node.kind == Expr::Kind::Name) {
      keys.insert(node.symbol);
    }
  }
}

}  // namespace

Cases::Cases(const TaskPlan& plan, const Cell& cell, bool with_answers)
    : m_cell(cell), m_form(plan.forms[at(cell.form)]), m_with_answers(with_answers) {
  std::set<int> keys;
  std::set<int> place_keys;
  for (const KeyTest& test : m_form.tests) {
    if (test.kind == KeyTest::Kind::Program) {
      collectKeys(*test.predicate, keys);
    } else if (test.key == kAnswerKey) {
      m_needs_answer_key = true;
      place_keys.insert(m_form.target_keys.begin(), m_form.target_keys.end());
    } else {
      keys.insert(test.key);
    }
    if (test.kind == KeyTest::Kind::Residue && test.key != kAnswerKey) {
      place_keys.insert(test.key);
    }
  }
  for (const int key : m_form.keys) {
    if (m_form.symbols[at(key)].is_shifted) {
      m_has_shifted = true;
      place_keys.insert(key);
    }
  }
  m_rule_keys.assign(keys.begin(), keys.end());
  m_place_keys.assign(place_keys.begin(), place_keys.end());
  findPlaces();
  Reading reading{};
  for (int c = 0; c < m_form.combinations.n && m_size <= kMostEnumerated; ++c) {
    setCombination(m_form, c, reading);
    m_size += countValues(m_form, keysOf(reading), domainOf) * static_cast<double>(m_places.size());
  }
  if (m_places.empty()) {
    m_size = std::numeric_limits<double>::infinity();
  }
}

std::vector<int> Cases::keysOf(const Reading& reading) const {
  std::vector<int> keys = m_rule_keys;
  if (m_with_answers || m_needs_answer_key) {
    for (const int key : relevantKeys(m_form, reading)) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
        keys.push_back(key);
      }
    }
  }
  return keys;
}

Reading Cases::shifted(const Reading& drawn) const {
  Reading reading = drawn;
  for (const int key : m_place_keys) {
    reading.values[at(key)] += m_form.symbols[at(key)].is_shifted ? reading.firsts[at(key)] : 0;
  }
  return reading;
}

void Cases::findPlaces() {
  const Placements& placements = m_cell.placements;
  if (!placements.hasTable()) {
    if (m_place_keys.empty()) {
      m_places.push_back({{}, 1});
    }
    return;
  }
  std::map<std::vector<std::uint16_t>, int> counts;
  for (int i = 0; i < placements.tableSize(); ++i) {
    std::vector<std::uint16_t> firsts;
    for (const int key : m_place_keys) {
      firsts.push_back(placements[i].firsts[key]);
    }
    ++counts[firsts];
  }
  for (const auto& [firsts, n] : counts) {
    m_places.push_back({firsts, static_cast<double>(n) / placements.tableSize()});
  }
}

}  // namespace anchorlens::core
