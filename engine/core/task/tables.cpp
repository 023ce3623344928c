// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/compile.h"
#include "engine/core/task/enumerate.h"

#include <algorithm>
#include <variant>

namespace anchorlens::core {
namespace {

/// Entries of an answer table: more would not stay in a core's cache.
constexpr double kLargestAnswerTable = 1 << 16;
constexpr std::size_t kLargestAppliedTable = 1 << 22;

/// Builds the tests of one form. Residue rules on one key share a table, and so do rules `keys`.
class TestBuilder {
 public:
  TestBuilder(const TaskPlan& plan, FormPlan& form) : m_plan(plan), m_form(form) {}

  void build() {
    for (std::size_t i = 0; i < m_plan.spec.held_out.size(); ++i) {
      const HeldOutRule& rule = m_plan.spec.held_out[i];
      if (!m_form.rules[i].applies) {
        continue;
      }
      if (const auto* residue = std::get_if<ResidueRule>(&rule)) {
        addResidue(*residue, m_form.rules[i].key);
      } else if (const auto* keys = std::get_if<KeysRule>(&rule)) {
        addKeys(*keys);
      } else if (std::holds_alternative<PredicateRule>(rule)) {
        addPredicate(m_form.rules[i].predicate);
      }
    }
  }

 private:
  void addResidue(const ResidueRule& rule, int key) {
    auto test = std::find_if(m_form.tests.begin(), m_form.tests.end(), [&](const KeyTest& t) {
      return t.kind == KeyTest::Kind::Residue && t.key == key;
    });
    if (test == m_form.tests.end()) {
      KeyTest fresh;
      fresh.kind = KeyTest::Kind::Residue;
      fresh.key = key;
      fresh.offset = m_plan.seq_len;
      fresh.table.assign(at(m_plan.d_vocab + m_plan.seq_len), 0);
      test = m_form.tests.insert(m_form.tests.end(), std::move(fresh));
    }
    for (int i = 0; i < toInt(test->table.size()); ++i) {
      const int residue = (i - test->offset) % rule.modulus;
      test->table[at(i)] |= (residue < 0 ? residue + rule.modulus : residue) == rule.remainder;
    }
  }

  void addKeys(const KeysRule& rule) {
    for (const Application& use : m_form.applications) {
      const bool may_be = use.anchor.symbol < 0
                              ? use.anchor.token == rule.anchor
                              : m_form.symbols[at(use.anchor.symbol)].domain.contains(rule.anchor);
      if (!may_be) {
        continue;
      }
      KeyTest& test = appliedTest(use);
      std::int16_t& row = test.row_of[at(rule.anchor)];
      if (row < 0) {
        row = static_cast<std::int16_t>(test.table.size() / at(m_plan.d_vocab));
        test.table.resize(test.table.size() + at(m_plan.d_vocab), 0);
      }
      for (const Interval& interval : rule.intervals) {
        for (int token = interval.first; token <= interval.last; ++token) {
          test.table[at(row) * at(m_plan.d_vocab) + at(token)] = 1;
        }
      }
    }
  }

  KeyTest& appliedTest(const Application& use) {
    for (KeyTest& test : m_form.tests) {
      if (test.kind == KeyTest::Kind::Applied && test.anchor == use.anchor && test.key == use.key &&
          test.selector == use.selector && test.arm == use.arm &&
          test.table.size() < kLargestAppliedTable) {
        return test;
      }
    }
    KeyTest fresh;
    fresh.kind = KeyTest::Kind::Applied;
    fresh.anchor = use.anchor;
    fresh.key = use.key;
    fresh.selector = use.selector;
    fresh.arm = use.arm;
    fresh.row_of.assign(at(m_plan.d_vocab), -1);
    m_form.tests.push_back(std::move(fresh));
    return m_form.tests.back();
  }

  void addPredicate(const Program& predicate) {
    std::vector<int> keys;
    for (const Node& node : predicate.nodes) {
      if (node.kind == Expr::Kind::Name &&
          std::find(keys.begin(), keys.end(), node.symbol) == keys.end()) {
        keys.push_back(node.symbol);
      }
    }
    KeyTest test;
    test.kind = keys.size() == 1 ? KeyTest::Kind::OneKey : KeyTest::Kind::Program;
    test.predicate = &predicate;
    if (keys.size() == 1) {
      test.key = keys.front();
      test.table.assign(at(m_plan.d_vocab), 0);
      Reading reading;
      for (int token = 0; token < m_plan.d_vocab; ++token) {
        std::int64_t value = 0;
        reading.values[at(test.key)] = token;
        test.table[at(token)] =
            m_plan.operations.value(predicate, reading.values.data(), value) == Status::Ok &&
            value == 0;
      }
    }
    m_form.tests.push_back(std::move(test));
  }

  const TaskPlan& m_plan;
  FormPlan& m_form;
};

void appendRow(const Outcomes& outcomes, bool has_offsets, AnswerTable& table) {
  table.tokens.push_back(outcomes.empty() ? 0 : static_cast<std::int32_t>(outcomes.front().value));
  if (!has_offsets) {
    return;
  }
  for (const Outcome& outcome : outcomes) {
    table.answers.push_back({static_cast<std::int32_t>(outcome.value), outcome.p});
  }
  table.offsets.push_back(static_cast<std::uint32_t>(table.answers.size()));
}

AnswerTable makeTable(const TaskPlan& plan, const FormPlan& form, bool is_taught,
                      bool has_offsets) {
  AnswerTable table;
  if (has_offsets) {
    table.offsets.push_back(0);
  }
  Reading reading;
  Outcomes outcomes;
  for (int c = 0; c < form.combinations.n; ++c) {
    setCombination(form, c, reading);
    for (int i = 0; i < form.table_stride; ++i) {
      for (std::size_t k = 0; k < form.target_keys.size(); ++k) {
        const auto [min, stride] = form.table_keys[k];
        const int size = form.symbols[at(form.target_keys[k])].reach.max() - min + 1;
        reading.values[at(form.target_keys[k])] = min + i / stride % size;
      }
      // Tokens that no key takes (holes between intervals) may have no answer: never looked up.
      if (answersOf(plan, form, reading, is_taught, outcomes) != Status::Ok) {
        outcomes.clear();
      }
      appendRow(outcomes, has_offsets, table);
    }
  }
  return table;
}

}  // namespace

void makeKeyTests(TaskPlan& plan) {
  for (FormPlan& form : plan.forms) {
    for (const int key : form.keys) {
      const Symbol& symbol = form.symbols[at(key)];
      form.key_draws.push_back({key, symbol.is_shifted,
                                static_cast<std::uint32_t>(symbol.domain.size()),
                                symbol.domain.tokens().data()});
    }
    TestBuilder(plan, form).build();
  }
}

void makeAnswerTables(TaskPlan& plan) {
  for (FormPlan& form : plan.forms) {
    double entries = 1;
    form.table_keys.clear();
    for (const int key : form.target_keys) {
      const TokenSet& reach = form.symbols[at(key)].reach;
      form.table_keys.emplace_back(reach.min(), static_cast<int>(std::min(entries, 1e9)));
      entries *= reach.max() - reach.min() + 1;
    }
    if (entries * form.combinations.n > kLargestAnswerTable) {
      continue;
    }
    form.table_stride = static_cast<int>(entries);
    const bool is_relabelled = std::any_of(form.relabel.begin(), form.relabel.end(),
                                           [](int relabel) { return relabel >= 0; });
    const bool is_random =
        form.is_stochastic || std::any_of(plan.relabel.begin(), plan.relabel.end(),
                                          [](const auto& plan_) { return plan_.isStochastic(); });
    form.truth = makeTable(plan, form, false, is_random);
    if (is_relabelled) {
      form.taught = makeTable(plan, form, true, is_random);
    }
  }
}

}  // namespace anchorlens::core
