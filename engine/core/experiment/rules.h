// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment/choices.h"
#include "engine/core/experiment/suggest.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a field of the experiment file may hold. A rule goes with a value in describe() (fields.h);
/// the reader checks by it, the writer chooses the shape by it. expected() completes the sentence
/// "expected ...".
namespace anchorlens::core {

struct IntegerRule {
  std::int64_t min = 0;
  std::int64_t max = 0;
  std::string expected() const;
};

struct NumberRule {
  double min = 0;
  double max = 0;
  bool above_min = false;  ///< min itself is excluded
  bool below_max = false;  ///< max itself is excluded
  bool allows(double value) const;
  std::string expected() const;
};

struct FlagRule {
  std::string expected() const { return "true or false"; }
};

/// Why a text is not what was expected; columns as in SpecError.
struct TextProblem {
  std::string message;
  int column = 0;
  int length = 0;
};

struct TextRule {
  std::string_view what;  ///< "a pattern such as \"* 3 x * -> x\""
  std::size_t max_bytes = 0;
  std::optional<TextProblem> (*check)(std::string_view text) = nullptr;
  std::string expected() const { return std::string(what); }
};

/// Any JSON value; kept as its text on one line, in a std::string.
struct ValueRule {};

/// One of a few texts that stand for themselves.
template <std::size_t N>
struct WordRule {
  const std::array<std::string_view, N>& words;
  std::vector<std::string> list() const { return {words.begin(), words.end()}; }
};

template <typename E, std::size_t N>
struct ChoiceRule {
  const std::array<Choice<E>, N>& choices;
  std::vector<std::string> list() const {
    std::vector<std::string> words;
    for (const Choice<E>& choice : choices)
      words.emplace_back(choice.name);
    return words;
  }
  std::string expected() const { return "one of " + quotedList(list()); }
};
template <typename E, std::size_t N>
ChoiceRule(const std::array<Choice<E>, N>&) -> ChoiceRule<E, N>;

/// A struct that has a describe().
struct ObjectRule {};

template <typename Item>
struct ListRule {
  Item item;
  std::size_t min = 0;
  std::size_t max = 0;
  std::string_view what;  ///< plural: "forms"
  std::string expected() const { return "a list of " + std::string(what); }
};

/// An object whose keys are names that the author chose.
template <typename Item>
struct MapRule {
  Item item;
  std::string_view what;  ///< plural: "intervals by key variable"
  std::string expected() const { return "an object of " + std::string(what); }
};
template <typename Item>
MapRule(Item, std::string_view) -> MapRule<Item>;

/// As MapRule, for a closed list of keys.
template <typename Item, std::size_t N>
struct GroupMapRule {
  Item item;
  const std::array<std::string_view, N>& names;
};

/// null, or what the inner rule says; for std::optional.
template <typename Item>
struct NullableRule {
  Item item;
};

/// A list that may be written as its only item.
template <typename Item>
struct OneOrListRule {
  ListRule<Item> list;
};

/// Exactly N items.
template <typename Item>
struct TupleRule {
  Item item;
  std::string_view what;  ///< plural: "numbers"
  std::string expected() const { return "a list of " + std::string(what); }
};

/// [first, last]
struct IntervalRule {
  std::int64_t min = 0;
  std::int64_t max = 0;
  std::string expected() const;
};

}  // namespace anchorlens::core
