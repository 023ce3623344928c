// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/plan.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

/// Reads sequences by their patterns, without the generator's plan of placements. Private to the
/// task.
namespace anchorlens::core {

/// A way to read a sequence: values and first places, and which symbol (or -1) stands where.
struct Match {
  Reading reading;
  std::span<const int> symbols;  ///< [length]; valid during the visit
};

/// What a search came to.
struct SearchResult {
  int furthest = 0;          ///< most tokens that fitted from the left
  bool is_too_long = false;  ///< given up: too many ways
  std::string odd_anchors;   ///< "A=7 B=7": everything fitted, but this combination is not drawn
};

/// Calls `visit` for every reading of `tokens` as `form`; false from visit ends the search.
SearchResult forEachMatch(const TaskPlan& plan, const FormPlan& form,
                          std::span<const std::int32_t> tokens,
                          const std::function<bool(const Match&)>& visit);

/// All that the task says of one reading.
struct Verdict {
  Status status = Status::Ok;
  std::int64_t group =
      -1;  ///< index; before there are groups, a number for form, anchors and split
  Outcomes answers;
  Outcomes taught;  ///< with the relabelled operations
};
Verdict verdictOf(const TaskPlan& plan, const Reading& reading);
bool agree(const Verdict& a, const Verdict& b);

/// Whether every reading of the tokens says the same as all others, and there is an answer.
bool isDetermined(const TaskPlan& plan, std::span<const std::int32_t> tokens);

}  // namespace anchorlens::core
