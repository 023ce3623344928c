// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/compare/match_heads.h"
#include "engine/core/compare/time_alignment.h"
#include "engine/core/experiment.h"
#include "engine/core/head_ref.h"
#include "engine/core/scores.h"
#include "widgets/figure/figure.h"
#include "widgets/figure/time_view.h"
#include "widgets/flow/flow_graph.h"
#include "widgets/head_map_data.h"
#include "widgets/head_values.h"
#include "widgets/study_text.h"
#include "widgets/weights/weights_picture.h"

#include <QString>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace anchorlens::app {

class ExportKind;

/// What is shown of a study.
struct StudyChoice {
  std::shared_ptr<const core::StudyData> data;
  core::PhaseChoice phase;
  widgets::CurveChoice curves;
  std::size_t setting = 0;  ///< of the head scores
};

/// Which recorded steps an animation shows, and how fast.
struct FrameRange {
  std::int64_t first = 0;
  std::int64_t last = -1;  ///< before `first`: to the last one
  int every = 1;           ///< frame
  double per_second = 10;
  bool operator==(const FrameRange&) const = default;
};

/// Which two runs are compared, and how.
struct CompareChoice {
  std::filesystem::path first;  ///< empty: the order's own run
  /// Beside the first: one where two are compared; empty: nothing is.
  std::vector<std::filesystem::path> others;
  std::vector<std::filesystem::path> seeds;  ///< of the first's set-up, without it
  std::optional<std::int64_t> seeds_step;    ///< of their scores; none: each run's last
  core::ExperimentSpec spec;                 ///< of the first
  std::int64_t step = 0;                     ///< of the first
  int layer = 0;                             ///< of the first's head that is large
  int head = 0;
  core::HeadMatch match = core::HeadMatch::Position;
  core::AlignBy align = core::AlignBy::Step;
  std::optional<widgets::StepRange> range;  ///< of the first's steps that the curves show
};

/// What is to be written and how it is to look: the same whether the window or the command line
/// asks. Each kind reads what concerns it.
struct ExportOrder {
  const ExportKind* kind = nullptr;
  std::filesystem::path directory;  ///< of the run or of the study; empty: a draft
  core::ExperimentSpec spec;        ///< of the draft or the run
  widgets::FigureStyle style;
  /// Heads whose output is 0 where the model is looked into; ascending.
  std::vector<core::HeadRef> without;
  std::vector<std::int64_t> steps;         ///< one; several over time; empty: the last one
  FrameRange frames;                       ///< animations
  std::optional<std::int64_t> checkpoint;  ///< whose weights the window shows
  widgets::ProbeChoice choice;
  int layer = 0;
  int head = 0;
  widgets::HeadValues values = widgets::HeadValues::Attention;  ///< what cells of attention hold
  QString typed;  ///< a sequence in the place of the probe's; empty: none
  widgets::FlowOptions flow;
  QString route;           ///< Flow: by name; empty: the first
  widgets::TimeView time;  ///< of curves and scores
  core::LabelThresholds thresholds;
  widgets::WeightsChoice weights;
  QString plot;  ///< id of one plot of Weights or Circuits; empty: the whole page
  StudyChoice study;
  CompareChoice compare;
};

}  // namespace anchorlens::app
