// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/rules.h"

#include "engine/core/experiment/json_text.h"

namespace anchorlens::core {
namespace {

std::string numberText(double value) {
  std::string text = Json(value).dump();
  if (text.ends_with(".0"))
    text.resize(text.size() - 2);
  return text;
}

}  // namespace

std::string IntegerRule::expected() const {
  return "an integer from " + std::to_string(min) + " to " + std::to_string(max);
}

bool NumberRule::allows(double value) const {
  // Written so that NaN is not allowed.
  const bool is_above = above_min ? value > min : value >= min;
  const bool is_below = below_max ? value < max : value <= max;
  return is_above && is_below;
}

std::string NumberRule::expected() const {
  return "a number " + std::string(above_min ? "above " : "from ") + numberText(min) +
         (below_max   ? " to below "
          : above_min ? ", at most "
                      : " to ") +
         numberText(max);
}

std::string IntervalRule::expected() const {
  return "an interval [first, last] with " + std::to_string(min) +
         " <= first <= last <= " + std::to_string(max);
}

}  // namespace anchorlens::core
