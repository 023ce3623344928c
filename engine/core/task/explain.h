// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/task.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// How the answer of a sequence comes about, in plain text.
namespace anchorlens::core {

struct Explanation {
  /// One or more: "46 -> 2: x+1 = 47 -> 4: x-8 = 39", "Q = 2 selects y = 51",
  /// "w = 40 is nearest to y = 43: B = 7", "46 -> 3: 80 %: x = 46, 20 %: x+1 = 47". The last one
  /// ends in the answer.
  std::vector<std::string> steps;
  /// "taught: 46 -> x-6 = 40"; empty unless training teaches this sequence another operation.
  std::string taught;
  /// One for each rule that holds the sequence out: "held out: (x - position) mod 8 = (43 - 3) mod
  /// 8 = 0". Empty for a training sequence.
  std::vector<std::string> held_out;

  /// All of it, separated by "; ".
  std::string text() const;
};

/// What the task says of a typed sequence.
struct Explained {
  std::vector<std::int32_t> tokens;
  Judgement judgement;
  Explanation explanation;
};

/// As Task::judge, with the explanation; the error says why there is no answer.
Expected<Explained, std::string> explain(const Task& task, std::span<const std::int32_t> tokens);

/// A line as people type or paste it: whole numbers, separated by spaces, commas or brackets.
Expected<std::vector<std::int32_t>, std::string> readTokens(std::string_view line);
Expected<Explained, std::string> explainLine(const Task& task, std::string_view line);

}  // namespace anchorlens::core
