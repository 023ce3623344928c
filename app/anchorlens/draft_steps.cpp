// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/draft_steps.h"

#include "engine/core/experiment_json.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace anchorlens::app {

using nlohmann::json;

std::string draftPatch(const core::ExperimentSpec& before, const core::ExperimentSpec& after) {
  return json::diff(json::parse(core::writeExperiment(before)),
                    json::parse(core::writeExperiment(after)))
      .dump();
}

std::optional<std::vector<core::ExperimentSpec>> draftStates(const DraftSteps& steps) {
  if (steps.done < 0 || steps.done > static_cast<int>(steps.steps.size()))
    return std::nullopt;
  std::vector<core::ExperimentSpec> states;
  try {
    json state = json::parse(steps.first);
    const auto read = [&states](const json& text) {
      auto spec = core::parseDraft(text.dump());
      if (spec)
        states.push_back(std::move(*spec));
      return static_cast<bool>(spec);
    };
    if (!read(state))
      return std::nullopt;
    for (const DraftSteps::Step& step : steps.steps) {
      state = state.patch(json::parse(step.patch));
      if (!read(state))
        return std::nullopt;
    }
  } catch (const json::exception&) {
    return std::nullopt;
  }
  return states;
}

}  // namespace anchorlens::app
