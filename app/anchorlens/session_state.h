// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/undo_steps.h"
#include "engine/core/compare/match_heads.h"
#include "engine/core/compare/time_alignment.h"
#include "engine/core/experiment.h"
#include "engine/core/store/bookmarks.h"
#include "widgets/attention_view.h"
#include "widgets/flow/flow_graph.h"
#include "widgets/panel_runs_arrange.h"
#include "widgets/replay_pace.h"
#include "widgets/study_choices.h"
#include "widgets/taxonomy/taxonomy_view.h"
#include "widgets/weights/weights_picture.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace anchorlens::app {

/// What was open when the window closed; a plain value, written as JSON.
struct SessionState {
  struct Run {
    QString directory;
    QString name;
    int colour = 0;
    bool was_training = false;  ///< in this window: a crash, when it is found so at a start
    std::vector<core::BookmarkChange> bookmarks;  ///< that could not be written beside the run
    bool is_ticked = false;                       ///< for Compare
    bool operator==(const Run&) const = default;
  };
  core::ExperimentSpec draft;
  /// The last state of the draft without problems: what is left where the draft itself cannot be
  /// read again.
  core::ExperimentSpec valid_draft;
  QString draft_file;
  UndoSteps steps;  ///< none where the draft itself cannot be read
  bool is_draft_modified = false;
  std::vector<Run> runs;
  QStringList studies;  ///< folders
  widgets::RunChoices run_choices;
  std::map<QString, bool> folded_seeds;  ///< by set-up: SeedFolds::States
  QString shown_run;                     ///< directory; empty: the draft
  std::int64_t step = 0;
  bool is_following = true;
  std::optional<double> pace;
  widgets::AttentionOptions attention;
  widgets::FlowOptions flow;
  QString flow_route;
  int predictions_page = 0;
  QString predictions_filter;
  bool predictions_losses = false;  ///< of groups, in the place of accuracies
  int study_page = 0;
  widgets::StudyChoices study;
  widgets::WeightsChoice weights;
  core::HeadMatch compare_match = core::HeadMatch::Position;
  core::AlignBy compare_align = core::AlignBy::Step;
  bool compare_all_seeds = false;
  bool compare_seeds_at_cursor = false;
  int reader = -1;  ///< the cell
  int source = -1;
  widgets::TaxonomyView::RowOrder head_order;
  bool is_log_time = false;
  int smoothing = 0;
  bool is_unfolded = false;  ///< all strips of the Timeline
  /// Steps, first and last, that the Timeline shows; empty: all time.
  std::optional<std::pair<double, double>> time_range;
  std::optional<std::pair<double, double>> loop;  ///< that a replay repeats
  double replay_rate = widgets::ReplayPace::kUsual;
  int experiment_tab = 0;
  QString centre_tab;   ///< object name of the tab: "composer", "attention", ...
  QByteArray geometry;  ///< QWidget::saveGeometry
  QByteArray docks;     ///< QMainWindow::saveState
  QStringList recent;

  bool operator==(const SessionState&) const = default;
};

QByteArray writeSession(const SessionState& state);
/// Lenient: what is missing or damaged keeps its default; empty when it is no session at all.
std::optional<SessionState> parseSession(const QByteArray& text);

}  // namespace anchorlens::app
