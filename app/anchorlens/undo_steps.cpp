// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/undo_steps.h"

#include "engine/core/experiment_json.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <utility>

namespace anchorlens::app {

using nlohmann::json;

namespace {

constexpr const char* kDraft = "draft";
constexpr const char* kView = "view";
constexpr int kMostSmoothing = 2;

json toJson(const core::ExperimentSpec& draft) {
  return json::parse(core::writeExperiment(draft));
}

json toJson(const ViewSettings& view) {
  return {{"lines", view.mode == widgets::HeadView::Mode::Lines},
          {"values", view.values},
          {"outlines", view.outlines},
          {"colour_map", static_cast<int>(view.map)},
          {"per_head", view.per_head},
          {"log_time", view.is_log_time},
          {"smoothing", view.smoothing}};
}

/// Throws json::exception where something is missing or of another type.
std::optional<ViewSettings> readView(const json& view) {
  const int map = view.at("colour_map").get<int>();
  const int smoothing = view.at("smoothing").get<int>();
  if (map < 0 || map >= widgets::kColourMaps || smoothing < 0 || smoothing > kMostSmoothing)
    return std::nullopt;
  ViewSettings settings;
  if (view.at("lines").get<bool>())
    settings.mode = widgets::HeadView::Mode::Lines;
  settings.values = view.at("values").get<bool>();
  settings.outlines = view.at("outlines").get<bool>();
  settings.map = static_cast<widgets::ColourMap>(map);
  settings.per_head = view.at("per_head").get<bool>();
  settings.is_log_time = view.at("log_time").get<bool>();
  settings.smoothing = smoothing;
  return settings;
}

std::string patchBetween(const char* what, json from, json to) {
  return json::diff(json{{what, std::move(from)}}, json{{what, std::move(to)}}).dump();
}

/// One of both, as it is in `next`; false where it cannot be read.
bool readChange(const json& next, bool is_draft, UndoState& state) {
  if (is_draft) {
    auto draft = core::parseDraft(next.at(kDraft).dump());
    if (draft)
      state.draft = std::move(*draft);
    return static_cast<bool>(draft);
  }
  const auto view = readView(next.at(kView));
  if (view)
    state.view = *view;
  return view.has_value();
}

}  // namespace

std::string undoPatch(const core::ExperimentSpec& from, const core::ExperimentSpec& to) {
  return patchBetween(kDraft, toJson(from), toJson(to));
}

std::string undoPatch(const ViewSettings& from, const ViewSettings& to) {
  return patchBetween(kView, toJson(from), toJson(to));
}

std::vector<UndoState> undoStates(const UndoState& now, const std::vector<UndoSteps::Step>& steps,
                                  std::size_t most) {
  std::vector<UndoState> states;
  try {
    json at{{kDraft, toJson(now.draft)}, {kView, toJson(now.view)}};
    UndoState state = now;
    for (const UndoSteps::Step& step : steps) {
      json next = at.patch(json::parse(step.patch));
      const bool is_draft = next.at(kDraft) != at.at(kDraft);
      const bool is_view = next.at(kView) != at.at(kView);
      if (states.size() == most || next.size() != at.size() || is_draft == is_view ||
          !readChange(next, is_draft, state))
        break;
      states.push_back(state);
      at = std::move(next);
    }
  } catch (const json::exception&) {
    // The states up to here are good.
  }
  return states;
}

}  // namespace anchorlens::app
