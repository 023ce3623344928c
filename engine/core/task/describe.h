// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/task.h"

#include <cstddef>
#include <cstdint>
#include <string>

/// A task in plain words.
namespace anchorlens::core {

/// "Held out for test: sequences in which (x - position) mod 8 is 0, or the anchors are A=3 and
/// B=4." Needs no compiled task: it describes a draft that is still wrong too.
std::string heldOutSentence(const TaskSpec& spec);

/// How many training sequences there could be.
struct Coverage {
  /// Certain: `possible` is exact up to the precision of a double. AtMost: some sequences that were
  /// counted are never drawn, or counted twice (a second answer, ties, cues in noise). About: also
  /// the share that the rules leave was estimated from draws.
  enum class Kind { Certain, AtMost, About };
  Kind kind = Kind::Certain;
  double possible = 0;  ///< number of training sequences; infinite beyond 10^308
  double log10_possible = 0;
  /// n / possible, at most 1: no training set of n sequences covers more (if Certain).
  double share = 0;
};

/// Of a training set of n sequences (or n draws, for streaming data).
Coverage coverageOf(const Task& task, std::int64_t n);

/// "2 000 sequences are at most 0.31 % of the 648 000 possible training sequences."
std::string coverageSentence(const Coverage& coverage, std::int64_t n);

/// "648 000", "about 2.5·10^17": a number that may be beyond counting.
std::string largeNumberText(double log10_number, double number);

/// Different rows of a set, compared exactly.
std::size_t countDistinct(const SequenceSet& set);

}  // namespace anchorlens::core
