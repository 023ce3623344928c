// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/view_settings.h"

#include <nlohmann/json.hpp>

#include <QCoreApplication>

#include <cstdint>

namespace anchorlens::app {

using nlohmann::json;

namespace {

constexpr int kMostSmoothing = 2;
constexpr int kFlowHeads = 3;
constexpr int kFlowWidths = 2;

QString say(const char* text) {
  return QCoreApplication::translate("ViewSettings", text);
}

QString attentionText(const ViewSettings& a, const ViewSettings& b) {
  return a.mode != b.mode           ? say("change map or lines")
         : a.values != b.values     ? say("change values")
         : a.outlines != b.outlines ? say("change outlines")
         : a.map != b.map           ? say("change colours of maps")
                                    : say("change scale");
}

QString flowText(const ViewSettings::Flow& a, const ViewSettings::Flow& b) {
  return a.hide_below != b.hide_below ? say("change what Flow hides")
         : a.heads != b.heads         ? say("change heads of Flow")
         : a.width != b.width         ? say("change width of Flow")
                                      : say("change path of Flow");
}

QString compareText(const ViewSettings::Compare& a, const ViewSettings::Compare& b) {
  return a.match != b.match   ? say("change how heads are matched")
         : a.align != b.align ? say("change how steps are aligned")
                              : say("change when seeds are compared");
}

QString weightsText(const ViewSettings::Weights& a, const ViewSettings::Weights& b) {
  return a.norm != b.norm         ? say("change folding of norms")
         : a.reading != b.reading ? say("change what reads values")
                                  : say("change tokens of circuits");
}

QString studyText(const widgets::StudyChoices& a, const widgets::StudyChoices& b) {
  const bool is_grey = a.is_grey != b.is_grey || a.grey_below != b.grey_below;
  return a.number != b.number         ? say("change number of the study")
         : a.at_cursor != b.at_cursor ? say("change step of the study")
         : is_grey                    ? say("change grey cells of the study")
         : a.sequences != b.sequences ? say("change sequences of the study")
                                      : say("change axes of the study");
}

json toJson(const widgets::StudyChoices& study) {
  return {{"number", study.number.toStdString()}, {"at_cursor", study.at_cursor},
          {"across", study.across.toStdString()}, {"up", study.up.toStdString()},
          {"other", study.other.toStdString()},   {"grey", study.is_grey},
          {"grey_below", study.grey_below},       {"sequences", study.sequences.toStdString()}};
}

QString textAt(const json& object, const char* key) {
  return QString::fromStdString(object.at(key).get<std::string>());
}

/// False where the number is none of `count` choices.
template <typename Choice>
bool choose(const json& object, const char* key, int count, Choice& choice) {
  const int value = object.at(key).get<int>();
  choice = static_cast<Choice>(value);
  return value >= 0 && value < count;
}

bool takeFlow(const json& flow, ViewSettings::Flow& into) {
  into.hide_below = flow.at("hide_below").get<double>();
  into.route = textAt(flow, "route");
  const bool has_heads = choose(flow, "heads", kFlowHeads, into.heads);
  const bool has_width = choose(flow, "width", kFlowWidths, into.width);
  return has_heads && has_width && into.hide_below > 0 && into.hide_below <= 1;
}

bool takeCompare(const json& compare, ViewSettings::Compare& into) {
  into.seeds_at_cursor = compare.at("seeds_at_cursor").get<bool>();
  const bool has_match = choose(compare, "match", core::kHeadMatches, into.match);
  const bool has_align = choose(compare, "align", core::kAlignBys, into.align);
  return has_match && has_align;
}

void takeWeights(const json& weights, ViewSettings::Weights& into) {
  using namespace core::analysis;
  into.norm = weights.at("fold").get<bool>() ? NormChoice::Folded : NormChoice::AsIs;
  into.reading =
      weights.at("read_embedding").get<bool>() ? Reading::Embedding : Reading::Unembedding;
  into.all_tokens = weights.at("all_tokens").get<bool>();
}

bool takeStudy(const json& study, widgets::StudyChoices& into) {
  into.number = textAt(study, "number");
  into.at_cursor = study.at("at_cursor").get<bool>();
  into.across = textAt(study, "across");
  into.up = textAt(study, "up");
  into.other = textAt(study, "other");
  into.is_grey = study.at("grey").get<bool>();
  into.grey_below = study.at("grey_below").get<double>();
  into.sequences = textAt(study, "sequences");
  return into.grey_below >= 0 && into.grey_below <= 100;
}

}  // namespace

void copyPart(ViewPart part, const ViewSettings& from, ViewSettings& to) {
  switch (part) {
    case ViewPart::Attention:
      to.mode = from.mode;
      to.values = from.values;
      to.outlines = from.outlines;
      to.map = from.map;
      to.per_head = from.per_head;
      break;
    case ViewPart::Time:
      to.is_log_time = from.is_log_time;
      to.smoothing = from.smoothing;
      break;
    case ViewPart::Flow:
      to.flow = from.flow;
      break;
    case ViewPart::Compare:
      to.compare = from.compare;
      break;
    case ViewPart::Weights:
      to.weights = from.weights;
      break;
    case ViewPart::Study:
      to.study = from.study;
      break;
  }
}

ViewPart changedPart(const ViewSettings& before, const ViewSettings& after) {
  for (const ViewPart part :
       {ViewPart::Time, ViewPart::Flow, ViewPart::Compare, ViewPart::Weights, ViewPart::Study}) {
    ViewSettings with = before;
    copyPart(part, after, with);
    if (with != before)
      return part;
  }
  return ViewPart::Attention;
}

QString changeText(const ViewSettings& before, const ViewSettings& after) {
  switch (changedPart(before, after)) {
    case ViewPart::Time:
      return before.smoothing != after.smoothing ? say("change smoothing")
                                                 : say("change time axis");
    case ViewPart::Flow:
      return flowText(before.flow, after.flow);
    case ViewPart::Compare:
      return compareText(before.compare, after.compare);
    case ViewPart::Weights:
      return weightsText(before.weights, after.weights);
    case ViewPart::Study:
      return studyText(before.study, after.study);
    case ViewPart::Attention:
      break;
  }
  return attentionText(before, after);
}

json toJson(const ViewSettings& view) {
  using namespace core::analysis;
  return {{"lines", view.mode == widgets::HeadView::Mode::Lines},
          {"values", view.values},
          {"outlines", view.outlines},
          {"colour_map", static_cast<int>(view.map)},
          {"per_head", view.per_head},
          {"log_time", view.is_log_time},
          {"smoothing", view.smoothing},
          {"flow",
           {{"hide_below", view.flow.hide_below},
            {"heads", static_cast<int>(view.flow.heads)},
            {"width", static_cast<int>(view.flow.width)},
            {"route", view.flow.route.toStdString()}}},
          {"compare",
           {{"match", static_cast<int>(view.compare.match)},
            {"align", static_cast<int>(view.compare.align)},
            {"seeds_at_cursor", view.compare.seeds_at_cursor}}},
          {"weights",
           {{"fold", view.weights.norm == NormChoice::Folded},
            {"read_embedding", view.weights.reading == Reading::Embedding},
            {"all_tokens", view.weights.all_tokens}}},
          {"study", toJson(view.study)}};
}

std::optional<ViewSettings> parseViewSettings(const json& view) {
  ViewSettings settings;
  const bool has_map = choose(view, "colour_map", widgets::kColourMaps, settings.map);
  settings.smoothing = view.at("smoothing").get<int>();
  const bool has_smoothing = settings.smoothing >= 0 && settings.smoothing <= kMostSmoothing;
  if (view.at("lines").get<bool>())
    settings.mode = widgets::HeadView::Mode::Lines;
  settings.values = view.at("values").get<bool>();
  settings.outlines = view.at("outlines").get<bool>();
  settings.per_head = view.at("per_head").get<bool>();
  settings.is_log_time = view.at("log_time").get<bool>();
  takeWeights(view.at("weights"), settings.weights);
  const bool has_flow = takeFlow(view.at("flow"), settings.flow);
  const bool has_compare = takeCompare(view.at("compare"), settings.compare);
  const bool has_study = takeStudy(view.at("study"), settings.study);
  return has_map && has_smoothing && has_flow && has_compare && has_study ? std::optional(settings)
                                                                          : std::nullopt;
}

}  // namespace anchorlens::app
