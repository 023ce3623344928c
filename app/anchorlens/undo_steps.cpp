// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/undo_steps.h"

#include "engine/core/experiment_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace anchorlens::app {

using nlohmann::json;

namespace {

constexpr const char* kDraft = "draft";
constexpr const char* kFile = "file";
constexpr const char* kView = "view";
constexpr const char* kRuns = "runs";

json toJson(const core::ExperimentSpec& draft) {
  return json::parse(core::writeExperiment(draft));
}

json toJson(const DraftFile& file) {
  return {{"name", file.name.toStdString()}, {"is_modified", file.is_modified}};
}

json toJson(const ListedRuns& runs) {
  json all = json::object();
  for (const auto& [directory, run] : runs) {
    all[directory.toStdString()] = {
        {"name", run.name.toStdString()}, {"colour", run.colour}, {"place", run.place}};
  }
  return all;
}

json toJson(const RunEntry& entry) {
  return toJson(entry.listed ? ListedRuns{{entry.directory, *entry.listed}} : ListedRuns{});
}

/// Throws json::exception where something is missing or of another type.
std::optional<ListedRuns> readRuns(const json& all) {
  ListedRuns runs;
  for (const auto& [directory, run] : all.get<std::map<std::string, json>>()) {
    const int colour = run.at("colour").get<int>();
    const auto place = run.at("place").get<std::int64_t>();
    if (directory.empty() || colour < 0 || place < 0)
      return std::nullopt;
    runs[QString::fromStdString(directory)] = {
        QString::fromStdString(run.at("name").get<std::string>()), colour,
        static_cast<std::size_t>(place)};
  }
  return runs;
}

std::string patchBetween(const char* what, json from, json to) {
  return json::diff(json{{what, std::move(from)}}, json{{what, std::move(to)}}).dump();
}

DraftFile readFile(const json& file) {
  return {QString::fromStdString(file.at("name").get<std::string>()),
          file.at("is_modified").get<bool>()};
}

bool takeDraft(const json& draft, UndoState& state) {
  auto spec = core::parseDraft(draft.dump());
  if (spec)
    state.draft.spec = std::move(*spec);
  return static_cast<bool>(spec);
}

bool takeView(const json& value, UndoState& state) {
  const auto view = parseViewSettings(value);
  if (view)
    state.view = *view;
  return view.has_value();
}

bool takeRuns(const json& value, UndoState& state) {
  auto runs = readRuns(value);
  if (!runs || !changedRun(state.runs, *runs))
    return false;
  state.runs = std::move(*runs);
  return true;
}

/// X of "/runs/X" and "/runs/X/name"; empty where a place is none of a run.
std::string runAt(json::json_pointer place) {
  std::string top;
  std::string below;
  for (; !place.empty(); place.pop_back())
    below = std::exchange(top, place.back());
  return top == kRuns ? below : std::string();
}

json::json_pointer placeOf(const json& operation) {
  return json::json_pointer(operation.at("path").get<std::string>());
}

/// The run that a patch puts into the list; empty: it does something else.
std::string addedRun(const json& patch) {
  if (patch.size() != 1 || patch.at(0).at("op") != "add")
    return {};
  const auto place = placeOf(patch.at(0));
  const std::string run = runAt(place);
  return place.back() == run ? run : std::string();
}

/// Those of many runs that a patch names.
void addNamed(const ListedRuns& runs, const json& patch, ListedRuns& named) {
  for (const json& operation : patch) {
    const auto run = runs.find(QString::fromStdString(runAt(placeOf(operation))));
    if (run != runs.end())
      named.insert(*run);
  }
}

/// Of view settings only. They need not differ: the program may have set them so since, as where
/// another study has no such axis.
bool isOfView(const json& patch) {
  return !patch.empty() && std::all_of(patch.begin(), patch.end(), [](const json& operation) {
    return operation.at("path").get<std::string>().starts_with(std::string("/") + kView + "/");
  });
}

/// The one thing that differs, as it is in `next`; false where it is not one, or cannot be read.
bool readChange(const json& at, const json& next, UndoChange& change) {
  const bool is_file = next.at(kFile) != at.at(kFile);
  const bool is_draft = is_file || next.at(kDraft) != at.at(kDraft);
  const bool is_view = next.at(kView) != at.at(kView);
  const bool is_run = next.at(kRuns) != at.at(kRuns);
  if (next.size() != at.size() || is_draft + is_view + is_run != 1)
    return false;
  if (is_file) {
    change.from.draft.file = readFile(next.at(kFile).at("from"));
    change.to.draft.file = readFile(next.at(kFile));
  }
  return is_draft  ? takeDraft(next.at(kDraft), change.to)
         : is_view ? takeView(next.at(kView), change.to)
                   : takeRuns(next.at(kRuns), change.to);
}

}  // namespace

std::string undoPatch(const core::ExperimentSpec& from, const core::ExperimentSpec& to) {
  return patchBetween(kDraft, toJson(from), toJson(to));
}

std::string undoPatch(const DraftState& from, const DraftState& to) {
  json patch = json::parse(undoPatch(from.spec, to.spec));
  // Both files, whole: the draft may have been saved to another one since.
  json file = toJson(to.file);
  file["from"] = toJson(from.file);
  patch.push_back({{"op", "replace"}, {"path", "/file"}, {"value", std::move(file)}});
  return patch.dump();
}

std::string undoPatch(const ViewSettings& from, const ViewSettings& to) {
  return patchBetween(kView, toJson(from), toJson(to));
}

std::string undoPatch(const RunEntry& from, const RunEntry& to) {
  return patchBetween(kRuns, toJson(from), toJson(to));
}

std::optional<std::pair<RunEntry, RunEntry>> changedRun(const ListedRuns& before,
                                                        const ListedRuns& after) {
  const auto of = [](const ListedRuns& runs, const QString& directory) {
    const auto found = runs.find(directory);
    return RunEntry{directory, found == runs.end() ? std::nullopt : std::optional(found->second)};
  };
  ListedRuns all = before;
  all.insert(after.begin(), after.end());
  std::optional<std::pair<RunEntry, RunEntry>> changed;
  for (const auto& [directory, run] : all) {
    const std::pair entry(of(before, directory), of(after, directory));
    if (entry.first == entry.second)
      continue;
    if (changed)
      return std::nullopt;
    changed = entry;
  }
  return changed;
}

std::vector<UndoChange> undoChanges(const UndoState& now, const std::vector<UndoSteps::Step>& steps,
                                    std::size_t most) {
  std::vector<UndoChange> changes;
  std::vector<json> patches;
  UndoState state{now.draft, now.view, {}};
  try {
    for (const UndoSteps::Step& step : steps) {
      json patch = json::parse(step.patch);
      addNamed(now.runs, patch, state.runs);
      patches.push_back(std::move(patch));
    }
  } catch (const json::exception&) {
    // The patches up to here are good.
  }
  try {
    json at{{kDraft, toJson(state.draft.spec)},
            {kFile, toJson(state.draft.file)},
            {kView, toJson(state.view)},
            {kRuns, toJson(state.runs)}};
    for (const json& patch : patches) {
      // It may have been opened again since: that was no step.
      if (const std::string added = addedRun(patch); !added.empty()) {
        at.at(kRuns).erase(added);
        state.runs.erase(QString::fromStdString(added));
      }
      json next = at.patch(patch);
      UndoChange change{state, state};
      const bool is_so_already = isOfView(patch) && next == at;
      if (changes.size() == most || !(is_so_already || readChange(at, next, change)))
        break;
      state = change.to;
      changes.push_back(std::move(change));
      at = std::move(next);
    }
  } catch (const json::exception&) {
    // The changes up to here are good.
  }
  return changes;
}

}  // namespace anchorlens::app
