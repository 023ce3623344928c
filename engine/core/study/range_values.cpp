// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/json_text.h"
#include "engine/core/study.h"
#include "engine/core/study/study_fields.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace anchorlens::core {
namespace {

/// 12 digits: 0.1 + 0.2 is 0.3, and the last bits of pow() do not matter.
double rounded(double value) {
  if (value == std::round(value))
    return value;
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.12g", value);
  return std::strtod(text.data(), nullptr);
}

std::string numberText(double value, bool is_integer) {
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (is_integer && std::abs(value) <= kExact)
    return Json(static_cast<std::int64_t>(std::llround(value))).dump();
  return Json(value).dump();
}

double valueAt(const StudyRange& range, std::size_t i, std::size_t count) {
  if (i == 0)
    return range.from;
  const double sign = range.to < range.from ? -1.0 : 1.0;
  if (range.step)
    return rounded(range.from + sign * static_cast<double>(i) * *range.step);
  if (i + 1 == count)
    return range.to;
  const double share = static_cast<double>(i) / static_cast<double>(count - 1);
  if (range.spacing == StudyRange::Spacing::Log)
    return rounded(range.from * std::pow(range.to / range.from, share));
  return rounded(range.from + share * (range.to - range.from));
}

}  // namespace

std::size_t stepCount(const StudyRange& range) {
  // A step that meets the end but for rounding counts as one that meets it.
  const double steps = std::abs(range.to - range.from) / *range.step + 1e-9;
  const auto most = static_cast<double>(kMaxStudyRuns);
  return steps < most ? static_cast<std::size_t>(steps) + 1 : kMaxStudyRuns + 1;
}

std::vector<std::string> rangeValues(const StudyRange& range, bool is_integer) {
  const std::size_t count =
      range.step ? stepCount(range) : static_cast<std::size_t>(range.count.value_or(0));
  std::vector<std::string> values;
  for (std::size_t i = 0; i < count; ++i)
    values.push_back(numberText(valueAt(range, i, count), is_integer));
  return values;
}

}  // namespace anchorlens::core
