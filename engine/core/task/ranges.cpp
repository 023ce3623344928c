// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/bounds.h"
#include "engine/core/task/compile.h"
#include "engine/core/task/enumerate.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <set>

namespace anchorlens::core {
namespace {

struct Range {
  std::int64_t min = std::numeric_limits<std::int64_t>::max();
  std::int64_t max = std::numeric_limits<std::int64_t>::min();
  void take(std::int64_t value) {
    min = std::min(min, value);
    max = std::max(max, value);
  }
};

/// Anchors that a combination applies, in the order of application.
std::vector<std::int32_t> appliedTokens(const FormPlan& form, const Reading& reading) {
  std::vector<std::int32_t> tokens;
  for (const Node& node : form.target.nodes) {
    if (node.kind == Expr::Kind::Apply) {
      tokens.push_back(static_cast<std::int32_t>(tokenOf(node.anchor, reading.values.data())));
    }
  }
  return tokens;
}

class RangeCheck {
 public:
  RangeCheck(TaskPlan& plan, ErrorList& errors) : m_plan(plan), m_errors(errors) {}

  void check(FormPlan& form) {
    double total = 0;
    for (int c = 0; c < form.combinations.n && total <= kMostEnumerated; ++c) {
      setCombination(form, c, m_reading);
      total += countValues(form, relevantKeys(form, m_reading), reachOf);
    }
    if (total <= kMostEnumerated) {
      enumerate(form, false);
    } else {
      bound(form);
    }
    if (std::any_of(form.relabel.begin(), form.relabel.end(), [](int r) { return r >= 0; })) {
      enumerate(form, true);
    }
  }

  Range range;

 private:
  bool isOutside(const Range& r) const { return r.min < 1 || r.max >= m_plan.d_vocab; }

  /// Tries everything. Of the relabelled operations (is_taught) only the worst is kept.
  void enumerate(FormPlan& form, bool is_taught) {
    std::optional<int> worst;
    Range worst_range;
    std::optional<std::set<std::int32_t>> culprits;
    for (int c = 0; c < form.combinations.n; ++c) {
      setCombination(form, c, m_reading);
      if (is_taught && form.relabel[at(c)] < 0) {
        continue;
      }
      const std::optional<Range> found = rangeOf(form, is_taught);
      if (!found) {
        return;  // reported
      }
      range.take(found->min);
      range.take(found->max);
      if (!isOutside(*found)) {
        continue;
      }
      const auto tokens = appliedTokens(form, m_reading);
      culprits = culprits ? common(*culprits, tokens)
                          : std::set<std::int32_t>(tokens.begin(), tokens.end());
      const bool is_worse =
          !worst || std::max(found->max, -found->min) > std::max(worst_range.max, -worst_range.min);
      if (is_worse) {
        worst = c;
        worst_range = *found;
      }
    }
    if (worst) {
      report(form, *worst, worst_range, culprits.value_or(std::set<std::int32_t>()), is_taught);
    }
  }

  static std::set<std::int32_t> common(const std::set<std::int32_t>& a,
                                       const std::vector<std::int32_t>& b) {
    std::set<std::int32_t> both;
    for (const std::int32_t token : b) {
      if (a.contains(token)) {
        both.insert(token);
      }
    }
    return both;
  }

  /// Smallest and largest answer of the reading's combination; empty (and an error) when a value
  /// does not exist.
  std::optional<Range> rangeOf(const FormPlan& form, bool is_taught) {
    Range found;
    bool is_good = true;
    const auto keys = is_taught ? form.target_keys : relevantKeys(form, m_reading);
    if (is_taught && countValues(form, keys, reachOf) > kMostEnumerated) {
      const auto relabel = at(form.relabel[at(m_reading.combination)]);
      const Bounds bounds = boundsOf(m_plan, form, m_plan.relabel[relabel], form.target_keys);
      m_plan.analysis.range_is_exact = false;
      return Range{static_cast<std::int64_t>(bounds.min), static_cast<std::int64_t>(bounds.max)};
    }
    for (const int key : form.keys) {
      m_reading.values[at(key)] = form.symbols[at(key)].reach.min();
    }
    Outcomes outcomes;
    forEachValue(form, keys, reachOf, m_reading, [&] {
      std::int64_t value = 0;
      Status status = Status::Ok;
      if (form.is_stochastic || is_taught) {
        status = answersOf(m_plan, form, m_reading, is_taught, outcomes);
      } else {
        status = m_plan.operations.value(form.target, m_reading.values.data(), value);
        outcomes.assign(1, {value, 1.0});
      }
      if (status == Status::Arithmetic) {
        reportNoValue(form, keys, is_taught);
        is_good = false;
        return false;
      }
      for (std::size_t i = 0; status == Status::Ok && i < outcomes.size(); ++i) {
        found.take(outcomes[i].value);
      }
      return true;
    });
    if (found.min > found.max) {
      found = {1, 1};  // only ties; checkDetermined says so
    }
    return is_good ? std::optional<Range>(found) : std::nullopt;
  }

  void reportNoValue(const FormPlan& form, const std::vector<int>& keys, bool is_taught) {
    std::vector<std::string> values;
    for (const int key : keys) {
      values.push_back(form.symbols[at(key)].text + " = " +
                       std::to_string(m_reading.values[at(key)]));
    }
    const std::string text = combinationText(form, m_reading.combination);
    m_errors.add(pointerOf(form, {}, is_taught),
                 "The answer has no value for " + listText(values) +
                     (text.empty() ? "" : " with " + text) +
                     ": mod needs a number above 0, and values stay within 10^15.",
                 is_taught ? TextSpan{} : form.pattern.target.span);
  }

  void report(const FormPlan& form, int combination, const Range& worst,
              const std::set<std::int32_t>& culprits, bool is_taught) {
    setCombination(form, combination, m_reading);
    std::string subject;
    for (const std::int32_t token : appliedTokens(form, m_reading)) {
      subject += (subject.empty() ? "" : " then ") + std::to_string(token);
    }
    std::string composed = linearText(m_plan, form, m_reading);
    if (is_taught) {
      subject = "This operation";
      composed.clear();
    } else if (subject.empty()) {
      subject = "The answer " + printExpression(form.pattern.target);
      composed.clear();
    }
    const bool is_high = worst.max >= m_plan.d_vocab;
    const std::string gives =
        composed.empty() ? subject + " goes" : subject + " gives " + composed + ",";
    const std::string pointer = pointerOf(form, culprits, is_taught);
    const bool is_in_pattern = pointer.ends_with("/pattern");
    m_errors.add(pointer,
                 is_high ? gives + " up to " + std::to_string(worst.max) + ". Vocabulary ends at " +
                               std::to_string(m_plan.d_vocab - 1) + "."
                         : gives + " down to " + std::to_string(worst.min) +
                               ". Token 0 is padding: answers start at 1.",
                 is_in_pattern ? form.pattern.target.span : TextSpan{});
  }

  /// The anchor that alone is in every bad combination, else the pattern.
  std::string pointerOf(const FormPlan& form, const std::set<std::int32_t>& culprits,
                        bool is_taught) const {
    if (is_taught) {
      const int relabel = form.relabel[at(m_reading.combination)];
      return pointerTo("relabel", at(relabel), "operation");
    }
    for (std::size_t i = 0; i < m_plan.spec.anchors.size(); ++i) {
      if (culprits.size() == 1 && culprits.contains(m_plan.spec.anchors[i].token)) {
        return pointerTo("anchors", i, "operation");
      }
    }
    return pointerTo("forms", at(form.index), "pattern");
  }

  void bound(FormPlan& form) {
    form.can_fail = true;
    m_plan.analysis.range_is_exact = false;
    const Bounds bounds = boundsOf(m_plan, form);
    const auto limit = static_cast<double>(kLargestValue);
    range.take(static_cast<std::int64_t>(std::max(bounds.min, -limit)));
    range.take(static_cast<std::int64_t>(std::min(bounds.max, limit)));
    const std::string pointer = pointerTo("forms", at(form.index), "pattern");
    const std::string note = " (a safe bound: there are too many combinations to try them all)";
    if (bounds.max >= m_plan.d_vocab) {
      m_errors.add(pointer,
                   "The answer may go up to " + numberText(bounds.max) + note +
                       ". Vocabulary ends at " + std::to_string(m_plan.d_vocab - 1) + ".",
                   form.pattern.target.span);
    } else if (bounds.min < 1) {
      m_errors.add(pointer,
                   "The answer may go down to " + numberText(bounds.min) + note +
                       ". Token 0 is padding: answers start at 1.",
                   form.pattern.target.span);
    }
  }

  static std::string numberText(double value) {
    const auto limit = static_cast<double>(kLargestValue);
    return std::to_string(static_cast<std::int64_t>(std::clamp(value, -limit, limit)));
  }

  TaskPlan& m_plan;
  ErrorList& m_errors;
  Reading m_reading;
};

}  // namespace

void checkRanges(TaskPlan& plan, ErrorList& errors) {
  RangeCheck check(plan, errors);
  for (FormPlan& form : plan.forms) {
    check.check(form);
  }
  const auto limit = static_cast<std::int64_t>(std::numeric_limits<int>::max());
  plan.analysis.result_min = static_cast<int>(std::clamp(check.range.min, -limit, limit));
  plan.analysis.result_max = static_cast<int>(std::clamp(check.range.max, -limit, limit));
}

}  // namespace anchorlens::core
