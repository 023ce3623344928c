// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/json_text.h"
#include "engine/core/experiment/suggest.h"
#include "engine/core/repair/candidates.h"
#include "engine/core/repair/field_ref.h"

#include <algorithm>
#include <type_traits>

namespace anchorlens::core {
namespace {

std::string textOf(const std::string& text) {
  return text;
}
template <typename T>
std::string textOf(T number) {
  std::string text = Json(number).dump();
  if (text.ends_with(".0")) {
    text.resize(text.size() - 2);
  }
  return text;
}

/// Text of a field's value; "" for what is none.
std::string valueText(const FieldRef& field) {
  return std::visit(
      [](const auto& value) {
        if constexpr (std::is_pointer_v<std::decay_t<decltype(value)>>) {
          return textOf(*value);
        } else {
          return std::string();
        }
      },
      field.value);
}

/// Sets a field of `to` to the value that it has in `from`.
void copyField(const FieldRef& from, const FieldRef& to) {
  std::visit(
      [](const auto& a, const auto& b) {
        using A = std::decay_t<decltype(a)>;
        if constexpr (std::is_pointer_v<A> && std::is_same_v<A, std::decay_t<decltype(b)>>) {
          *b = *a;
        }
      },
      from.value, to.value);
}

void addCopy(Candidates& candidates, const ExperimentSpec& from, const std::string& start) {
  ExperimentSpec source = from;
  const FieldRef field = fieldAt(source, candidates.steps());
  const std::string text = valueText(field);
  if (field.isFound() && !text.empty()) {
    candidates.add(start + text, [&](ExperimentSpec& next) {
      copyField(field, fieldAt(next, candidates.steps()));
    });
  }
}

/// The nearest integer that the field's rule allows.
void addNearest(Candidates& candidates) {
  ExperimentSpec clamped = candidates.spec();
  const FieldRef field = fieldAt(clamped, candidates.steps());
  if (auto* const* integer = std::get_if<int*>(&field.value)) {
    **integer =
        static_cast<int>(std::clamp<std::int64_t>(**integer, field.integer.min, field.integer.max));
  } else if (auto* const* large = std::get_if<std::int64_t*>(&field.value)) {
    **large = std::clamp(**large, field.integer.min, field.integer.max);
  } else if (auto* const* seed = std::get_if<std::uint64_t*>(&field.value)) {
    **seed = std::min(**seed, static_cast<std::uint64_t>(field.integer.max));
  } else if (auto* const* number = std::get_if<double*>(&field.value)) {
    if (field.number.allows(**number) || field.number.above_min || field.number.below_max) {
      return;  // no nearest one
    }
    **number = std::clamp(**number, field.number.min, field.number.max);
  } else if (auto* const* text = std::get_if<std::string*>(&field.value)) {
    const std::string nearest = nearestName(**text, field.choices);
    **text = nearest.empty() ? **text : nearest;
  }
  candidates.add("Set to " + valueText(field), [&](ExperimentSpec& next) { next = clamped; });
}

}  // namespace

void proposeBack(Candidates& candidates, const ExperimentSpec& last_good) {
  addCopy(candidates, last_good, "Back to ");
}

void proposeNearest(Candidates& candidates) {
  if (candidates.isUnder("/task/seq_len")) {
    return;  // lengths have their own proposals
  }
  addNearest(candidates);
  addCopy(candidates, ExperimentSpec(), "Default ");
}

}  // namespace anchorlens::core
