// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment/fields.h"
#include "engine/core/study.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// The fields of the study file, as fields.h has those of the experiment.
namespace anchorlens::core {

inline constexpr std::array kSpacings{
    Choice<StudyRange::Spacing>{"linear", StudyRange::Spacing::Linear},
    Choice<StudyRange::Spacing>{"log", StudyRange::Spacing::Log},
};
inline constexpr std::array kSeedTargets{
    Choice<StudySeeds::Sets>{"training", StudySeeds::Sets::Training},
    Choice<StudySeeds::Sets>{"training_and_data", StudySeeds::Sets::TrainingAndData},
};

/// A JSON pointer to something in the experiment.
std::optional<TextProblem> checkFieldPointer(std::string_view text);

/// "exactly one of ..., got neither"
inline std::string oneOf(const char* a, const char* b, bool has_both) {
  return "exactly one of " + std::string(a) + " and " + b + " must be there, got " +
         (has_both ? "both" : "neither");
}

/// Number of values of a range with a step, one more than kMaxStudyRuns when there are more.
std::size_t stepCount(const StudyRange& range);

/// The first item that occurred before; the size when there is none.
template <typename T>
std::size_t firstRepeated(const std::vector<T>& list) {
  std::set<T> seen;
  const auto repeated = std::find_if(list.begin(), list.end(),
                                     [&](const T& item) { return !seen.insert(item).second; });
  return static_cast<std::size_t>(repeated - list.begin());
}

template <typename V>
void describe(V& visit, StudyRange& s) {
  const NumberRule number{.min = -1e16, .max = 1e16};
  const bool has_from = visit.required("from", s.from, number);
  const bool has_to = visit.required("to", s.to, number);
  const bool has_ends = has_from && has_to;
  visit("step", s.step, NullableRule<NumberRule>{{.min = 0, .max = 1e16, .above_min = true}});
  visit("count", s.count, NullableRule<IntegerRule>{{2, static_cast<std::int64_t>(kMaxStudyRuns)}});
  visit("spacing", s.spacing, ChoiceRule{kSpacings});
  visit.check(!has_ends || s.from != s.to, "to",
              "expected an end that differs from the start; of one value make a list");
  visit.check(s.step.has_value() != s.count.has_value(), "step",
              oneOf("step", "count", s.step.has_value()));
  const bool is_log = s.spacing == StudyRange::Spacing::Log;
  visit.check(!is_log || !s.step, "spacing", "log spacing goes with count, not with step");
  visit.check(!is_log || !has_ends || (s.from > 0 && s.to > 0), "spacing",
              "log spacing needs both ends above 0");
  visit.check(
      !has_ends || !s.step || *s.step <= 0 || stepCount(s) <= kMaxStudyRuns, "step",
      "gives more than " + std::to_string(kMaxStudyRuns) + " values; expected a larger step");
}

template <typename V>
void describe(V& visit, StudyAxis& s) {
  visit.required(
      "pointer", s.pointer,
      TextRule{"the pointer of a field such as \"/training/seed\"", 200, checkFieldPointer});
  visit("values", s.values, NullableRule<ListRule<ValueRule>>{{{}, 1, kMaxStudyRuns, "values"}});
  visit("range", s.range, NullableRule<ObjectRule>{});
  visit.check(s.values.has_value() != s.range.has_value(), "values",
              oneOf("values", "range", s.values.has_value()));
  if (!s.values)
    return;
  const std::size_t repeated = firstRepeated(*s.values);
  if (repeated < s.values->size()) {
    visit.check(false, ("values/" + std::to_string(repeated)).c_str(),
                "occurs twice in the list; expected different values");
  }
}

template <typename V>
void describe(V& visit, StudySeeds& s) {
  const auto most = static_cast<std::int64_t>(kMaxStudyRuns);
  visit("values", s.values,
        NullableRule<ListRule<IntegerRule>>{{kSeedRule, 1, kMaxStudyRuns, "seeds"}});
  visit("first", s.first, kSeedRule);
  visit("count", s.count, NullableRule<IntegerRule>{{1, most}});
  visit("sets", s.sets, ChoiceRule{kSeedTargets});
  visit.check(s.values.has_value() != s.count.has_value(), "values",
              oneOf("values", "count", s.values.has_value()));
  const auto count = static_cast<std::uint64_t>(s.count.value_or(1));
  const auto last = static_cast<std::uint64_t>(limits::kSeed);
  visit.check(s.first + count - 1 <= last, "first",
              "the last seed would be above " + std::to_string(last));
  if (!s.values)
    return;
  const std::size_t repeated = firstRepeated(*s.values);
  if (repeated < s.values->size()) {
    visit.check(false, ("values/" + std::to_string(repeated)).c_str(),
                "the seed " + std::to_string((*s.values)[repeated]) + " occurs twice");
  }
}

/// Whether one field is the other or a part of it.
inline bool overlap(std::string_view a, std::string_view b) {
  const std::string longer = std::string(a.size() > b.size() ? a : b) + "/";
  return longer.starts_with(std::string(a.size() > b.size() ? b : a) + "/");
}

/// Without the two fields that name the format: those are read before the rest.
template <typename V>
void describe(V& visit, StudySpec& s) {
  visit("name", s.name, TextRule{"a text", 200, checkName});
  visit("base", s.base, ObjectRule{});
  visit("axes", s.axes, ListRule<ObjectRule>{{}, 0, kMaxStudyAxes, "axes"});
  visit("seeds", s.seeds, NullableRule<ObjectRule>{});
  const bool sets_data = s.seeds && s.seeds->sets == StudySeeds::Sets::TrainingAndData;
  for (std::size_t i = 0; i < s.axes.size(); ++i) {
    const std::string& pointer = s.axes[i].pointer;
    const std::string place = "axes/" + std::to_string(i) + "/pointer";
    visit.check(pointer.empty() || !s.seeds || !overlap(pointer, "/training/seed"), place.c_str(),
                "seeds sets /training/seed already");
    visit.check(pointer.empty() || !sets_data || !overlap(pointer, "/data/seed"), place.c_str(),
                "seeds sets /data/seed already");
    for (std::size_t j = 0; j < i; ++j) {
      visit.check(pointer.empty() || !overlap(pointer, s.axes[j].pointer), place.c_str(),
                  "axis " + std::to_string(j + 1) + " varies " + s.axes[j].pointer + " already");
    }
  }
}

}  // namespace anchorlens::core
