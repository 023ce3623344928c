// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/compare/match_heads.h"
#include "engine/core/compare/run_events.h"
#include "engine/core/compare/time_alignment.h"
#include "engine/core/intervention.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace anchorlens::ctl {

/// One of the two runs at the step that is compared.
struct ComparedRun {
  std::string folder;
  std::uint64_t seed = 0;
  std::int64_t step = 0;     ///< of the frame
  double test_accuracy = 0;  ///< of the last evaluation up to the step; NaN without one
  double test_loss = 0;
  core::InEffect in_effect;  ///< what was changed in training and holds at the step
  core::RunEvents events;
  int n_heads = 0;
  std::vector<core::HeadScores> scores;  ///< [layer * n_heads + head]
};

/// Two heads of a pair, and how far their patterns are apart.
struct ComparedPair {
  core::HeadPair pair;
  std::optional<double> difference;  ///< mean |second - first| of the mean patterns
};

struct CompareReport {
  ComparedRun first;
  ComparedRun second;
  core::HeadMatch match = core::HeadMatch::Position;
  core::AlignBy align = core::AlignBy::Step;
  std::string align_problem;      ///< empty: aligned as wanted
  std::string attention_problem;  ///< why attention is not compared; empty: it is
  /// Whose weights were compared: steps of their checkpoints.
  std::optional<std::pair<std::int64_t, std::int64_t>> weights_steps;
  bool has_same_probe = false;
  std::vector<ComparedPair> pairs;
};

nlohmann::ordered_json compareJson(const CompareReport& report);
std::string compareText(const CompareReport& report);

}  // namespace anchorlens::ctl
