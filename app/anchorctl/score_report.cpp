// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/score_report.h"

#include "app/anchorctl/report.h"
#include "app/anchorctl/text_table.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace anchorlens::ctl {
namespace {

using Json = nlohmann::ordered_json;

Json scoreOf(const core::Score& score) {
  return {{"lift", jsonNumber(score.lift)},
          {"mass", jsonNumber(score.mass)},
          {"chance", jsonNumber(score.chance)}};
}

Json scoreOf(const std::optional<core::Score>& score) {
  return score ? scoreOf(*score) : Json();
}

std::string roleName(const core::Task& task, std::uint8_t role) {
  return task.roles().at(role).name;
}

Json shiftJson(const core::HeadScores& scores, const core::Task& task) {
  Json json{{"lift", jsonNumber(scores.shift())}, {"row", nullptr}};
  if (scores.shift_row) {
    json["row"] = scoreOf(scores.shift_row->score);
    json["row"]["reader"] = roleName(task, scores.shift_row->reader);
    json["row"]["source"] = roleName(task, scores.shift_row->source);
  }
  json["lag"] = scores.shift_lag;
  json["all_rows"] = scoreOf(scores.shift_lags.at(static_cast<std::size_t>(scores.shift_lag - 1)));
  json["consistency"] = jsonNumber(scores.shift_consistency);
  return json;
}

Json broadcastJson(const core::HeadScores& scores, const core::Task& task) {
  Json json{{"lift", jsonNumber(scores.broadcast())}};
  if (scores.best_broadcast < 0) {
    json["source"] = nullptr;
    return json;
  }
  const auto& best = scores.broadcasts.at(static_cast<std::size_t>(scores.best_broadcast));
  json["source"] = roleName(task, best.source);
  json["mass"] = jsonNumber(best.output.mass);
  json["chance"] = jsonNumber(best.output.chance);
  json["coverage"] = jsonNumber(best.output_coverage);
  json["tracking"] = jsonNumber(best.output_tracking);
  json["later"] = nullptr;
  if (best.later) {
    json["later"] = scoreOf(*best.later);
    json["later"]["coverage"] = jsonNumber(best.later_coverage);
    json["later"]["tracking"] = jsonNumber(best.later_tracking);
  }
  return json;
}

Json stateJson(core::LabelState state) {
  const std::string_view name = core::labelStateName(state);
  return name.empty() ? Json() : Json(name);
}

Json stepJson(const std::optional<std::int64_t>& step) {
  return step ? Json(*step) : Json();
}

std::string labelText(const core::HeadLabel& label) {
  if (!label.label) {
    return "-";
  }
  std::string text(core::labelName(*label.label));
  return label.state == core::LabelState::Forming ? text + " (forming)" : text;
}

std::string emergenceText(const HeadReport& head) {
  if (!head.label.label) {
    return "-";
  }
  const bool is_shift = *head.label.label == core::Label::Shift;
  const bool is_broadcast = *head.label.label == core::Label::Broadcast;
  const auto& step = is_shift ? head.shift_emergence : head.broadcast_emergence;
  return (is_shift || is_broadcast) && step ? withSpaces(*step) : "-";
}

}  // namespace

core::Expected<History, core::IoError> scoreHistory(const std::string& run, std::int64_t step) {
  auto reader = core::RunReader::open(run);
  if (!reader) {
    return core::Unexpected(reader.error());
  }
  auto scores = (*reader)->scores();
  if (!scores) {
    return scores;
  }
  std::erase_if(*scores, [step](const auto& frame) { return frame.step >= step; });
  return scores;
}

std::vector<HeadReport> labelHeads(const History& history, std::int64_t step,
                                   const std::vector<core::HeadScores>& scores, int n_heads) {
  std::vector<HeadReport> heads;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    core::Labeller labeller;
    std::vector<std::int64_t> steps;
    std::vector<double> shifts;
    std::vector<double> broadcasts;
    core::HeadLabel label;
    const auto feed = [&](std::int64_t at, const core::HeadScores& head) {
      label = labeller.next(head);
      steps.push_back(at);
      shifts.push_back(head.shift());
      broadcasts.push_back(head.broadcast());
    };
    for (const auto& frame : history) {
      if (i < frame.scores.size()) {
        feed(frame.step, frame.scores[i]);
      }
    }
    feed(step, scores[i]);
    heads.push_back({static_cast<int>(i) / n_heads, static_cast<int>(i) % n_heads, scores[i], label,
                     core::emergenceStep(steps, shifts), core::emergenceStep(steps, broadcasts)});
  }
  return heads;
}

Json scoreJson(std::int64_t step, const std::vector<HeadReport>& heads, const core::Task& task) {
  Json list = Json::array();
  for (const HeadReport& head : heads) {
    Json json{{"layer", head.layer}, {"head", head.head}};
    json["label"] = head.label.label ? Json(core::labelName(*head.label.label)) : Json();
    json["state"] = stateJson(head.label.state);
    json["labels"] = Json::array();
    for (const core::Label label : head.label.labels) {
      json["labels"].push_back(core::labelName(label));
    }
    json["to_all_later"] = head.label.to_all_later;
    json["shift"] = shiftJson(head.scores, task);
    json["shift"]["emergence_step"] = stepJson(head.shift_emergence);
    json["broadcast"] = broadcastJson(head.scores, task);
    json["broadcast"]["emergence_step"] = stepJson(head.broadcast_emergence);
    json["self"] = scoreOf(head.scores.self);
    json["sink"] = scoreOf(head.scores.sink);
    json["previous"] = scoreOf(head.scores.previous);
    json["induction"] = scoreOf(head.scores.induction);
    json["duplicate"] = scoreOf(head.scores.duplicate);
    list.push_back(std::move(json));
  }
  return {{"step", step}, {"heads", std::move(list)}};
}

std::string scoreTable(const std::vector<HeadReport>& heads, const core::Task& task) {
  if (heads.empty()) {
    return "This model has no attention heads.\n";
  }
  using Align = TextTable::Align;
  TextTable table({{"head", Align::Left},
                   {"label", Align::Left},
                   {"since step", Align::Right},
                   {"shift row", Align::Right},
                   {"shift all", Align::Right},
                   {"lag", Align::Right},
                   {"broadcast", Align::Right},
                   {"from", Align::Left},
                   {"coverage", Align::Right},
                   {"tracking", Align::Right},
                   {"self", Align::Right},
                   {"sink", Align::Right}});
  for (const HeadReport& head : heads) {
    const core::HeadScores& s = head.scores;
    const auto lag = static_cast<std::size_t>(s.shift_lag - 1);
    const core::BroadcastScore* best =
        s.best_broadcast < 0 ? nullptr
                             : &s.broadcasts.at(static_cast<std::size_t>(s.best_broadcast));
    table.addRow({std::to_string(head.layer) + "." + std::to_string(head.head),
                  labelText(head.label), emergenceText(head),
                  s.shift_row ? fixed(s.shift_row->score.lift, 2) : "-",
                  fixed(s.shift_lags.at(lag).lift, 2), std::to_string(s.shift_lag),
                  fixed(s.broadcast(), 2), best != nullptr ? roleName(task, best->source) : "-",
                  best != nullptr ? fixed(best->output_coverage, 2) : "-",
                  best != nullptr ? fixed(best->output_tracking, 2) : "-", fixed(s.self.lift, 2),
                  fixed(s.sink.lift, 2)});
  }
  return table.text() + "Scores are lifts: 0 is an untrained head, 1 is perfect.\n";
}

}  // namespace anchorlens::ctl
