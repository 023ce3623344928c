// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/export/export_order.h"
#include "app/anchorlens/export/study_options.h"
#include "app/anchorlens/export/view_options.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace anchorlens::app {

/// Options as they stand on the command line, with the dialog's defaults.
struct RenderOptions {
  std::string run;
  std::string view = "attention";
  std::vector<std::int64_t> at;
  std::vector<std::string> files;
  std::string frames;
  double fps = FrameRange().per_second;
  std::string head;
  std::vector<std::string> without;
  std::string with;
  std::string matrix;
  std::string plot;
  bool fold = false;
  bool read_embedding = false;
  bool task_tokens = false;
  std::string probe = "1";
  std::string show = "attention";
  std::string typed;
  double hide_below = widgets::FlowOptions().hide_below;
  std::string heads = "all";
  std::string route;
  core::LabelThresholds thresholds;
  double width = 6.75;
  double font = 8;
  int dpi = 300;
  std::string map = "viridis";
  bool dark = false;
  bool per_head = false;
  bool log_time = false;
  std::string range;
  std::string smooth = "off";
  bool markers = false;
  bool no_values = false;
  bool no_tokens = false;
  bool no_outlines = false;
  bool no_colour_bar = false;
  bool no_letters = false;
  bool no_labels = false;
  bool no_scores = false;
  bool no_provenance = false;
  std::vector<std::string> other;
  std::string match = "position";
  std::string align = "step";
  StudyOptions study;
};
/// Declares them all; --view takes the views of all kinds. Returned: those that only some have.
ViewOptions declareRenderOptions(CLI::App& app, RenderOptions& options);
/// The order that they say, without its kind; the error names the option that cannot be read.
Found<ExportOrder> readOrder(const RenderOptions& options);

/// The words that say the same of a figure's style, and of the thresholds of labels.
QStringList styleWords(const widgets::FigureStyle& style);
QStringList frameRangeWords(const FrameRange& range);
QStringList thresholdWords(const core::LabelThresholds& thresholds);

}  // namespace anchorlens::app
