// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <string>

/// A task as a paper shows it. Both are made from the texts of the task alone: a task that is still
/// wrong is shown too, what does not parse as it was typed. Equal inputs give equal bytes.
namespace anchorlens::core {

/// A fragment for LaTeX with amsmath: patterns, anchors, ranges, held-out and relabelled
/// combinations.
std::string notationLatex(const TaskSpec& spec);

/// Colours of the SVG, as "#RRGGBB"; the defaults are those of the print theme.
struct NotationColours {
  std::string anchor = "#8F4A00";
  std::string anchor_fill = "#FCE9D3";
  std::string key = "#1A58A5";
  std::string key_fill = "#DDEBFB";
  std::string answer = "#17693A";
  std::string answer_fill = "#DBF1E3";
  std::string noise = "#5B6371";
  std::string text = "#191C22";
};

/// Token boxes by role (anchors square, keys and answers round, noise without a box), a row for
/// each pattern, the anchors with their operations, and what is held out in words.
std::string notationSvg(const TaskSpec& spec, const NotationColours& colours = {});

}  // namespace anchorlens::core
