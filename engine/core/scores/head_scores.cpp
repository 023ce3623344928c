// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/scores.h"

#include <algorithm>
#include <array>

namespace anchorlens::core {

double lift(double mass, double chance) {
  return chance >= 1.0 ? 0.0 : (mass - chance) / (1.0 - chance);
}

double HeadScores::shift() const {
  const double all_rows = shift_lags[static_cast<std::size_t>(shift_lag - 1)].lift;
  return shift_row ? std::max(all_rows, shift_row->score.lift) : all_rows;
}

double HeadScores::broadcast() const {
  return best_broadcast < 0 ? 0.0
                            : broadcasts[static_cast<std::size_t>(best_broadcast)].output.lift;
}

std::string_view labelName(Label label) {
  static constexpr std::array<std::string_view, 6> kNames = {"shift", "broadcast", "self",
                                                             "sink",  "induction", "duplicate"};
  return kNames[static_cast<std::size_t>(label)];
}

std::string_view labelStateName(LabelState state) {
  static constexpr std::array<std::string_view, 3> kNames = {"", "forming", "entered"};
  return kNames[static_cast<std::size_t>(state)];
}

}  // namespace anchorlens::core
