// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/session_state.h"

#include "engine/core/experiment_json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace anchorlens::app {

namespace {

constexpr int kVersion = 1;

QJsonObject writeAttention(const widgets::AttentionOptions& options) {
  return {
      {"mean", options.probe.mean},
      {"sequence", options.probe.sequence},
      {"lines", options.mode == widgets::HeadView::Mode::Lines},
      {"values", options.values},
      {"outlines", options.outlines},
      {"colour_map", static_cast<int>(options.map)},
      {"per_head", options.per_head},
      {"layer", options.layer},
      {"head", options.head},
      {"show", static_cast<int>(options.shown)},
      {"is_typed", options.is_typed},
      {"typed", options.typed},
  };
}

widgets::AttentionOptions parseAttention(const QJsonObject& json) {
  widgets::AttentionOptions options;
  options.probe.mean = json["mean"].toBool();
  options.probe.sequence = std::max(0, json["sequence"].toInt());
  options.mode =
      json["lines"].toBool() ? widgets::HeadView::Mode::Lines : widgets::HeadView::Mode::Map;
  options.values = json["values"].toBool(true);
  options.outlines = json["outlines"].toBool(true);
  options.map = static_cast<widgets::ColourMap>(
      std::clamp(json["colour_map"].toInt(), 0, widgets::kColourMaps - 1));
  options.per_head = json["per_head"].toBool();
  options.layer = json["layer"].toInt();
  options.head = json["head"].toInt();
  options.shown = static_cast<widgets::HeadValues>(
      std::clamp(json["show"].toInt(), 0, widgets::kHeadValues - 1));
  options.is_typed = json["is_typed"].toBool();
  options.typed = json["typed"].toString();
  return options;
}

QJsonObject writeWeights(const widgets::WeightsChoice& choice) {
  return {
      {"page", static_cast<int>(choice.page)},
      {"matrix", choice.matrix},
      {"head", QJsonArray{choice.head.layer, choice.head.head}},
      {"with", QJsonArray{choice.other.layer, choice.other.head}},
      {"fold", choice.norm == core::analysis::NormChoice::Folded},
      {"read_embedding", choice.reading == core::analysis::Reading::Embedding},
      {"all_tokens", choice.all_tokens},
  };
}

/// What the model does not have is put right when it is shown.
widgets::WeightsChoice parseWeights(const QJsonObject& json) {
  widgets::WeightsChoice choice;
  choice.page = static_cast<widgets::WeightsPage>(std::clamp(json["page"].toInt(), 0, 1));
  choice.matrix = json["matrix"].toString();
  const QJsonArray head = json["head"].toArray();
  const QJsonArray other = json["with"].toArray();
  choice.head = {head.at(0).toInt(), head.at(1).toInt()};
  choice.other = {other.at(0).toInt(), other.at(1).toInt()};
  if (json["fold"].toBool())
    choice.norm = core::analysis::NormChoice::Folded;
  if (json["read_embedding"].toBool())
    choice.reading = core::analysis::Reading::Embedding;
  choice.all_tokens = json["all_tokens"].toBool(true);
  return choice;
}

QJsonArray writeBookmarks(const std::vector<core::BookmarkChange>& changes) {
  QJsonArray array;
  for (const auto& change : changes) {
    array.append(
        QJsonObject{{"step", static_cast<qint64>(change.step)},
                    {"note", change.is_removed ? QJsonValue()
                                               : QJsonValue(QString::fromStdString(change.note))}});
  }
  return array;
}

std::vector<core::BookmarkChange> parseBookmarks(const QJsonArray& array) {
  std::vector<core::BookmarkChange> changes;
  for (const auto& value : array) {
    const QJsonObject change = value.toObject();
    if (change["step"].toInteger(-1) >= 0) {
      changes.push_back({change["step"].toInteger(), !change["note"].isString(),
                         change["note"].toString().toStdString()});
    }
  }
  return changes;
}

QJsonArray writeSteps(const std::vector<UndoSteps::Step>& steps) {
  QJsonArray array;
  for (const auto& step : steps)
    array.append(QJsonArray{step.text, QString::fromStdString(step.patch)});
  return array;
}

std::vector<UndoSteps::Step> parseSteps(const QJsonArray& array) {
  std::vector<UndoSteps::Step> steps;
  for (const auto& value : array) {
    steps.push_back(
        {value.toArray().at(0).toString(), value.toArray().at(1).toString().toStdString()});
  }
  return steps;
}

QJsonObject writeStudy(const widgets::StudyChoices& study) {
  return {{"number", study.number},         {"at_cursor", study.at_cursor},
          {"across", study.across},         {"up", study.up},
          {"other", study.other},           {"grey", study.is_grey},
          {"grey_below", study.grey_below}, {"sequences", study.sequences}};
}

widgets::StudyChoices parseStudy(const QJsonObject& json) {
  widgets::StudyChoices study;
  study.number = json["number"].toString();
  study.at_cursor = json["at_cursor"].toBool();
  study.across = json["across"].toString();
  study.up = json["up"].toString();
  study.other = json["other"].toString();
  study.is_grey = json["grey"].toBool(study.is_grey);
  study.grey_below = std::clamp(json["grey_below"].toDouble(study.grey_below), 0.0, 100.0);
  study.sequences = json["sequences"].toString();
  return study;
}

QJsonValue writeRange(const std::optional<std::pair<double, double>>& range) {
  return range ? QJsonValue(QJsonArray{range->first, range->second}) : QJsonValue();
}

std::optional<std::pair<double, double>> parseRange(const QJsonValue& value) {
  const double first = value.toArray().at(0).toDouble(-1);
  const double last = value.toArray().at(1).toDouble(-1);
  return first >= 0 && last > first ? std::optional(std::pair(first, last)) : std::nullopt;
}

QJsonArray writeRuns(const std::vector<SessionState::Run>& runs) {
  QJsonArray array;
  for (const auto& run : runs) {
    array.append(QJsonObject{{"directory", run.directory},
                             {"name", run.name},
                             {"colour", run.colour},
                             {"training", run.was_training},
                             {"bookmarks", writeBookmarks(run.bookmarks)},
                             {"ticked", run.is_ticked}});
  }
  return array;
}

std::vector<SessionState::Run> parseRuns(const QJsonArray& array) {
  std::vector<SessionState::Run> runs;
  for (const auto& value : array) {
    const QJsonObject run = value.toObject();
    if (!run["directory"].toString().isEmpty()) {
      runs.push_back({run["directory"].toString(), run["name"].toString(),
                      std::max(0, run["colour"].toInt()), run["training"].toBool(),
                      parseBookmarks(run["bookmarks"].toArray()), run["ticked"].toBool()});
    }
  }
  return runs;
}

QJsonObject writeFolds(const std::map<QString, bool>& folds) {
  QJsonObject object;
  for (const auto& [set_up, is_folded] : folds)
    object[set_up] = is_folded;
  return object;
}

std::map<QString, bool> parseFolds(const QJsonObject& object) {
  std::map<QString, bool> folds;
  for (const QString& set_up : object.keys())
    folds[set_up] = object[set_up].toBool();
  return folds;
}

}  // namespace

QByteArray writeSession(const SessionState& state) {
  QJsonObject json{
      {"format", "anchorlens-session"},
      {"format_version", kVersion},
      {"draft", QString::fromStdString(core::writeExperiment(state.draft))},
      {"valid_draft", QString::fromStdString(core::writeExperiment(state.valid_draft))},
      {"draft_file", state.draft_file},
      {"draft_modified", state.is_draft_modified},
      {"undo", writeSteps(state.steps.done)},
      {"redo", writeSteps(state.steps.undone)},
      {"runs", writeRuns(state.runs)},
      {"studies", QJsonArray::fromStringList(state.studies)},
      {"run_filter", state.run_choices.filter},
      {"run_sort", static_cast<int>(state.run_choices.sort)},
      {"folded_seeds", writeFolds(state.folded_seeds)},
      {"shown_run", state.shown_run},
      {"step", static_cast<qint64>(state.step)},
      {"following", state.is_following},
      {"pace", state.pace ? QJsonValue(*state.pace) : QJsonValue()},
      {"attention", writeAttention(state.attention)},
      {"flow", QJsonObject{{"hide_below", state.flow.hide_below},
                           {"heads", static_cast<int>(state.flow.heads)},
                           {"width", static_cast<int>(state.flow.width)},
                           {"route", state.flow_route}}},
      {"predictions_page", state.predictions_page},
      {"predictions_filter", state.predictions_filter},
      {"predictions_losses", state.predictions_losses},
      {"study_page", state.study_page},
      {"study", writeStudy(state.study)},
      {"weights", writeWeights(state.weights)},
      {"compare", QJsonObject{{"match", static_cast<int>(state.compare_match)},
                              {"align", static_cast<int>(state.compare_align)},
                              {"all_seeds", state.compare_all_seeds},
                              {"seeds_at_cursor", state.compare_seeds_at_cursor}}},
      {"cell", QJsonArray{state.reader, state.source}},
      {"head_order", QJsonObject{{"column", state.head_order.column},
                                 {"descending", state.head_order.is_descending}}},
      {"log_time", state.is_log_time},
      {"smoothing", state.smoothing},
      {"unfolded", state.is_unfolded},
      {"time_range", writeRange(state.time_range)},
      {"loop", writeRange(state.loop)},
      {"replay_rate", state.replay_rate},
      {"experiment_tab", state.experiment_tab},
      {"centre_tab", state.centre_tab},
      {"geometry", QString::fromLatin1(state.geometry.toBase64())},
      {"docks", QString::fromLatin1(state.docks.toBase64())},
      {"recent", QJsonArray::fromStringList(state.recent)},
  };
  return QJsonDocument(json).toJson();
}

std::optional<SessionState> parseSession(const QByteArray& text) {
  const QJsonObject json = QJsonDocument::fromJson(text).object();
  if (json["format"].toString() != QLatin1String("anchorlens-session") ||
      json["format_version"].toInt() > kVersion)
    return std::nullopt;
  SessionState state;
  auto draft = core::parseDraft(json["draft"].toString().toStdString());
  auto valid = core::parseExperiment(json["valid_draft"].toString().toStdString());
  state.valid_draft = valid ? *valid : core::preset("demo");
  state.draft = draft ? *draft : state.valid_draft;
  state.draft_file = json["draft_file"].toString();
  state.is_draft_modified = json["draft_modified"].toBool();
  if (draft)
    state.steps = {parseSteps(json["undo"].toArray()), parseSteps(json["redo"].toArray())};
  state.runs = parseRuns(json["runs"].toArray());
  for (const auto& value : json["studies"].toArray())
    state.studies.append(value.toString());
  state.run_choices.filter = json["run_filter"].toString();
  state.run_choices.sort = static_cast<widgets::RunSort>(
      std::clamp(json["run_sort"].toInt(), 0, widgets::kRunSorts - 1));
  state.folded_seeds = parseFolds(json["folded_seeds"].toObject());
  state.shown_run = json["shown_run"].toString();
  state.step = json["step"].toInteger();
  state.is_following = json["following"].toBool(true);
  if (json["pace"].isDouble())
    state.pace = json["pace"].toDouble();
  state.attention = parseAttention(json["attention"].toObject());
  const QJsonObject flow = json["flow"].toObject();
  state.flow.hide_below = std::clamp(flow["hide_below"].toDouble(state.flow.hide_below), 0.01, 1.0);
  state.flow.heads =
      static_cast<widgets::FlowOptions::Heads>(std::clamp(flow["heads"].toInt(), 0, 2));
  state.flow.width =
      static_cast<widgets::FlowOptions::Width>(std::clamp(flow["width"].toInt(), 0, 1));
  state.flow_route = flow["route"].toString();
  state.predictions_page = std::clamp(json["predictions_page"].toInt(), 0, 2);
  state.predictions_filter = json["predictions_filter"].toString();
  state.predictions_losses = json["predictions_losses"].toBool();
  state.study_page = std::clamp(json["study_page"].toInt(), 0, 2);
  state.study = parseStudy(json["study"].toObject());
  state.weights = parseWeights(json["weights"].toObject());
  const QJsonObject compare = json["compare"].toObject();
  state.compare_match =
      static_cast<core::HeadMatch>(std::clamp(compare["match"].toInt(), 0, core::kHeadMatches - 1));
  state.compare_align =
      static_cast<core::AlignBy>(std::clamp(compare["align"].toInt(), 0, core::kAlignBys - 1));
  state.compare_all_seeds = compare["all_seeds"].toBool();
  state.compare_seeds_at_cursor = compare["seeds_at_cursor"].toBool();
  state.reader = json["cell"].toArray().at(0).toInt(-1);
  state.source = json["cell"].toArray().at(1).toInt(-1);
  const QJsonObject head_order = json["head_order"].toObject();
  state.head_order = {head_order["column"].toInt(), head_order["descending"].toBool()};
  state.is_log_time = json["log_time"].toBool();
  state.smoothing = std::clamp(json["smoothing"].toInt(), 0, 2);
  state.is_unfolded = json["unfolded"].toBool();
  state.time_range = parseRange(json["time_range"]);
  state.loop = parseRange(json["loop"]);
  state.replay_rate = json["replay_rate"].toDouble(state.replay_rate);
  state.experiment_tab = std::clamp(json["experiment_tab"].toInt(), 0, 3);
  state.centre_tab = json["centre_tab"].toString();
  state.geometry = QByteArray::fromBase64(json["geometry"].toString().toLatin1());
  state.docks = QByteArray::fromBase64(json["docks"].toString().toLatin1());
  for (const auto& value : json["recent"].toArray())
    state.recent.append(value.toString());
  return state;
}

}  // namespace anchorlens::app
