// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/compare_report.h"

#include "app/anchorctl/report.h"
#include "app/anchorctl/text_table.h"

#include <nlohmann/json.hpp>

namespace anchorlens::ctl {
namespace {

using Json = nlohmann::ordered_json;

template <typename T>
Json orNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json textOrNull(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json headOrNull(int head) {
  return head < 0 ? Json() : Json(head);
}

const core::HeadScores* scoresOf(const ComparedRun& run, int layer, int head) {
  const auto index = static_cast<std::size_t>(layer * run.n_heads + head);
  return head < 0 || index >= run.scores.size() ? nullptr : &run.scores[index];
}

const core::RunEvents::Head* eventsOf(const ComparedRun& run, int layer, int head) {
  const auto index = static_cast<std::size_t>(layer * run.n_heads + head);
  return head < 0 || index >= run.events.heads.size() ? nullptr : &run.events.heads[index];
}

Json runJson(const ComparedRun& run) {
  Json json{{"run", run.folder},
            {"seed", run.seed},
            {"step", run.step},
            {"test_accuracy", jsonNumber(run.test_accuracy)},
            {"test_loss", jsonNumber(run.test_loss)},
            {"shift_emergence", orNull(run.events.shift)},
            {"broadcast_emergence", orNull(run.events.broadcast)},
            {"accuracy_90_step", orNull(run.events.accuracy)}};
  if (!run.in_effect.isEmpty())
    json["in_effect"] = core::inEffectPhrases(run.in_effect);
  return json;
}

Json headJson(const ComparedRun& run, int layer, int head) {
  const core::HeadScores* scores = scoresOf(run, layer, head);
  const core::RunEvents::Head* events = eventsOf(run, layer, head);
  if (scores == nullptr)
    return nullptr;
  return {{"shift", jsonNumber(scores->shift())},
          {"broadcast", jsonNumber(scores->broadcast())},
          {"shift_emergence", events != nullptr ? orNull(events->shift) : Json()},
          {"broadcast_emergence", events != nullptr ? orNull(events->broadcast) : Json()}};
}

std::string stepText(const std::optional<std::int64_t>& step) {
  return step ? withSpaces(*step) : "-";
}

std::string headText(int layer, int head) {
  return head < 0 ? "-" : std::to_string(layer) + "." + std::to_string(head);
}

std::string liftText(const core::HeadScores* scores, double (core::HeadScores::*lift)() const) {
  return scores == nullptr ? "-" : fixed((scores->*lift)(), 2);
}

std::string runTable(const CompareReport& report) {
  using Align = TextTable::Align;
  TextTable table({{"", Align::Left},
                   {"run", Align::Left},
                   {"step", Align::Right},
                   {"seed", Align::Right},
                   {"test accuracy", Align::Right},
                   {"test loss", Align::Right},
                   {"first shift", Align::Right},
                   {"first broadcast", Align::Right},
                   {"accuracy 90 %", Align::Right}});
  const auto add = [&table](const std::string& name, const ComparedRun& run) {
    table.addRow({name, run.folder, withSpaces(run.step), std::to_string(run.seed),
                  fixed(run.test_accuracy, 3), fixed(run.test_loss, 3), stepText(run.events.shift),
                  stepText(run.events.broadcast), stepText(run.events.accuracy)});
  };
  add("first", report.first);
  add("second", report.second);
  return table.text();
}

/// "run1, at step 700: L1 H0 ablated."
std::string changedText(const ComparedRun& run) {
  return run.folder + ", at step " + withSpaces(run.step) + ": " +
         core::inEffectText(run.in_effect) + ".\n";
}

std::string pairTable(const CompareReport& report) {
  using Align = TextTable::Align;
  TextTable table({{"first", Align::Left},
                   {"second", Align::Left},
                   {"distance", Align::Right},
                   {"difference", Align::Right},
                   {"shift", Align::Right},
                   {"", Align::Right},
                   {"broadcast", Align::Right},
                   {"", Align::Right}});
  for (const ComparedPair& compared : report.pairs) {
    const core::HeadPair& pair = compared.pair;
    const auto* first = scoresOf(report.first, pair.layer, pair.first);
    const auto* second = scoresOf(report.second, pair.layer, pair.second);
    using core::HeadScores;
    table.addRow({headText(pair.layer, pair.first), headText(pair.layer, pair.second),
                  pair.distance ? fixed(*pair.distance, 3) : "-",
                  compared.difference ? fixed(*compared.difference, 3) : "-",
                  liftText(first, &HeadScores::shift), liftText(second, &HeadScores::shift),
                  liftText(first, &HeadScores::broadcast),
                  liftText(second, &HeadScores::broadcast)});
  }
  return table.text();
}

}  // namespace

Json compareJson(const CompareReport& report) {
  Json json{{"match", core::headMatchName(report.match)},
            {"align", core::alignByName(report.align)},
            {"align_problem", textOrNull(report.align_problem)},
            {"attention_problem", textOrNull(report.attention_problem)},
            {"same_probe", report.has_same_probe},
            {"weights_steps", nullptr},
            {"first", runJson(report.first)},
            {"second", runJson(report.second)}};
  if (report.weights_steps)
    json["weights_steps"] = {report.weights_steps->first, report.weights_steps->second};
  json["heads"] = Json::array();
  for (const ComparedPair& compared : report.pairs) {
    const core::HeadPair& pair = compared.pair;
    Json head{{"layer", pair.layer},
              {"first", headOrNull(pair.first)},
              {"second", headOrNull(pair.second)},
              {"distance", orNull(pair.distance)},
              {"mean_absolute_difference", orNull(compared.difference)}};
    head["first_scores"] = headJson(report.first, pair.layer, pair.first);
    head["second_scores"] = headJson(report.second, pair.layer, pair.second);
    json["heads"].push_back(std::move(head));
  }
  return json;
}

std::string compareText(const CompareReport& report) {
  std::string text = runTable(report);
  for (const ComparedRun* run : {&report.first, &report.second}) {
    if (!run->in_effect.isEmpty())
      text += changedText(*run);
  }
  for (const std::string& problem : {report.align_problem, report.attention_problem}) {
    if (!problem.empty())
      text += problem + "\n";
  }
  if (report.pairs.empty())
    return text;
  text += "\n" + pairTable(report) + "Heads matched by ";
  text += core::headMatchName(report.match);
  if (report.weights_steps) {
    text += " of the checkpoints at steps " + withSpaces(report.weights_steps->first) + " and " +
            withSpaces(report.weights_steps->second);
  }
  text += ". Shift and broadcast: lift in the first and in the second run.\n";
  if (report.attention_problem.empty()) {
    text += "Difference: mean of |second - first| over the cells of the mean patterns.\n";
    if (!report.has_same_probe)
      text += "The probes have other sequences: the patterns are means over different ones.\n";
  }
  return text;
}

}  // namespace anchorlens::ctl
