// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/plan.h"

/// Held-out rules on keys by look-up, for drawing and counting. Private to the task.
namespace anchorlens::core {

/// `values` and `firsts` by symbol, as in Reading.
inline bool holds(const TaskPlan& plan, const FormPlan& form, const KeyTest& test,
                  const std::int64_t* values, const std::uint16_t* firsts) {
  switch (test.kind) {
    case KeyTest::Kind::Residue: {
      const int key = test.key == kAnswerKey ? answerKey(form, values) : test.key;
      return key >= 0 &&
             test.table[static_cast<std::size_t>(values[key] - firsts[key] + test.offset)] != 0;
    }
    case KeyTest::Kind::Applied: {
      const int row = test.row_of[static_cast<std::size_t>(tokenOf(test.anchor, values))];
      if (row < 0 ||
          test.table[at(row) * at(plan.d_vocab) + static_cast<std::size_t>(values[test.key])] ==
              0) {
        return false;
      }
      int arm = 0;
      return test.selector < 0 ||
             (Operations::select(form.target.nodes[at(test.selector)], values, arm) == Status::Ok &&
              arm == test.arm);
    }
    case KeyTest::Kind::OneKey:
      return test.table[static_cast<std::size_t>(values[test.key])] != 0;
    default: {
      std::int64_t value = 0;
      return plan.operations.value(*test.predicate, values, value) == Status::Ok && value == 0;
    }
  }
}

inline bool areKeysHeld(const TaskPlan& plan, const FormPlan& form, const std::int64_t* values,
                        const std::uint16_t* firsts) {
  for (const KeyTest& test : form.tests) {
    if (holds(plan, form, test, values, firsts)) {
      return true;
    }
  }
  return false;
}

}  // namespace anchorlens::core
