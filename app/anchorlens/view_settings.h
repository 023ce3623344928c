// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/analysis/circuits.h"
#include "engine/core/compare/match_heads.h"
#include "engine/core/compare/time_alignment.h"
#include "widgets/attention_view.h"
#include "widgets/flow/flow_graph.h"
#include "widgets/study_choices.h"

#include <nlohmann/json_fwd.hpp>

#include <QString>

#include <optional>

namespace anchorlens::app {

/// How the views draw, as the person set it. A change of one of these is a step of undo; where one
/// looks (a tab, a page, a head, a sequence, the cursor) is not.
struct ViewSettings {
  // Attention, and what other tabs take over from it
  widgets::HeadView::Mode mode = widgets::HeadView::Mode::Map;
  bool values = true;
  bool outlines = true;
  widgets::ColourMap map = widgets::ColourMap::Viridis;
  bool per_head = false;
  // Timeline
  bool is_log_time = false;
  int smoothing = 0;

  struct Flow {
    double hide_below = widgets::FlowOptions{}.hide_below;
    widgets::FlowOptions::Heads heads = widgets::FlowOptions{}.heads;
    widgets::FlowOptions::Width width = widgets::FlowOptions{}.width;
    QString route;  ///< empty: the first
    bool operator==(const Flow&) const = default;
  } flow;
  struct Compare {
    core::HeadMatch match = core::HeadMatch::Position;
    core::AlignBy align = core::AlignBy::Step;
    bool seeds_at_cursor = false;
    bool operator==(const Compare&) const = default;
  } compare;
  struct Weights {
    core::analysis::NormChoice norm = core::analysis::NormChoice::AsIs;
    core::analysis::Reading reading = core::analysis::Reading::Unembedding;
    bool all_tokens = true;
    bool operator==(const Weights&) const = default;
  } weights;
  widgets::StudyChoices study;

  bool operator==(const ViewSettings&) const = default;
};

/// What one view has of them.
enum class ViewPart { Attention, Time, Flow, Compare, Weights, Study };

void copyPart(ViewPart part, const ViewSettings& from, ViewSettings& to);
/// The first part that differs; Attention where none does.
ViewPart changedPart(const ViewSettings& before, const ViewSettings& after);

/// What a change of one part does: continues "Undo ...".
QString changeText(const ViewSettings& before, const ViewSettings& after);

nlohmann::json toJson(const ViewSettings& settings);
/// Empty where a value is none of its choices. Throws nlohmann::json::exception where one is
/// missing or of another type.
std::optional<ViewSettings> parseViewSettings(const nlohmann::json& json);

}  // namespace anchorlens::app
