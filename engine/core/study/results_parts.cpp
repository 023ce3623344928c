// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/study/results_parts.h"

#include "engine/core/experiment/json_text.h"

#include <algorithm>
#include <limits>

namespace anchorlens::core {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double massOf(const std::optional<Score>& score) {
  return score ? score->mass : kNone;
}
double chanceOf(const std::optional<Score>& score) {
  return score ? score->chance : kNone;
}

std::optional<Score> taskRow(const HeadScores& head) {
  return head.shift_row ? std::optional(head.shift_row->score) : std::nullopt;
}

const Score& bestLag(const HeadScores& head) {
  const int last = static_cast<int>(head.shift_lags.size());
  return head.shift_lags[static_cast<std::size_t>(std::clamp(head.shift_lag, 1, last) - 1)];
}

const BroadcastScore* bestSource(const HeadScores& head) {
  const auto index = static_cast<std::size_t>(head.best_broadcast);
  return head.best_broadcast >= 0 && index < head.broadcasts.size() ? &head.broadcasts[index]
                                                                    : nullptr;
}

/// Of the best source at the output row.
double ofOutput(const HeadScores& head, double Score::*value) {
  const BroadcastScore* best = bestSource(head);
  return best == nullptr ? kNone : best->output.*value;
}
double ofBest(const HeadScores& head, double BroadcastScore::*value) {
  const BroadcastScore* best = bestSource(head);
  return best == nullptr ? kNone : best->*value;
}

/// Of the best source at all later rows.
double ofLater(const HeadScores& head, double Score::*value) {
  const BroadcastScore* best = bestSource(head);
  return best == nullptr || !best->later ? kNone : (*best->later).*value;
}
double ofBestLater(const HeadScores& head, double BroadcastScore::*value) {
  const BroadcastScore* best = bestSource(head);
  return best == nullptr || !best->later ? kNone : best->*value;
}

using Head = const HeadScores&;

constexpr std::array kScoreParts{
    ScorePart{"shift_row", [](Head h) { return h.shift_row ? h.shift_row->score.lift : kNone; }},
    ScorePart{"shift_row_mass", [](Head h) { return massOf(taskRow(h)); }},
    ScorePart{"shift_row_chance", [](Head h) { return chanceOf(taskRow(h)); }},
    ScorePart{"shift_lag", [](Head h) { return static_cast<double>(h.shift_lag); }},
    ScorePart{"shift_all_rows", [](Head h) { return bestLag(h).lift; }},
    ScorePart{"shift_all_rows_mass", [](Head h) { return bestLag(h).mass; }},
    ScorePart{"shift_all_rows_chance", [](Head h) { return bestLag(h).chance; }},
    ScorePart{"shift_consistency", [](Head h) { return h.shift_consistency; }},
    ScorePart{"broadcast_mass", [](Head h) { return ofOutput(h, &Score::mass); }},
    ScorePart{"broadcast_chance", [](Head h) { return ofOutput(h, &Score::chance); }},
    ScorePart{"broadcast_coverage",
              [](Head h) { return ofBest(h, &BroadcastScore::output_coverage); }},
    ScorePart{"broadcast_tracking",
              [](Head h) { return ofBest(h, &BroadcastScore::output_tracking); }},
    ScorePart{"broadcast_later", [](Head h) { return ofLater(h, &Score::lift); }},
    ScorePart{"broadcast_later_mass", [](Head h) { return ofLater(h, &Score::mass); }},
    ScorePart{"broadcast_later_chance", [](Head h) { return ofLater(h, &Score::chance); }},
    ScorePart{"broadcast_later_coverage",
              [](Head h) { return ofBestLater(h, &BroadcastScore::later_coverage); }},
    ScorePart{"broadcast_later_tracking",
              [](Head h) { return ofBestLater(h, &BroadcastScore::later_tracking); }},
    ScorePart{"self_mass", [](Head h) { return h.self.mass; }},
    ScorePart{"self_chance", [](Head h) { return h.self.chance; }},
    ScorePart{"sink_mass", [](Head h) { return h.sink.mass; }},
    ScorePart{"sink_chance", [](Head h) { return h.sink.chance; }},
    ScorePart{"previous", [](Head h) { return h.previous.lift; }},
    ScorePart{"previous_mass", [](Head h) { return h.previous.mass; }},
    ScorePart{"previous_chance", [](Head h) { return h.previous.chance; }},
    ScorePart{"induction_mass", [](Head h) { return massOf(h.induction); }},
    ScorePart{"induction_chance", [](Head h) { return chanceOf(h.induction); }},
    ScorePart{"duplicate_mass", [](Head h) { return massOf(h.duplicate); }},
    ScorePart{"duplicate_chance", [](Head h) { return chanceOf(h.duplicate); }},
};

}  // namespace

std::span<const ScorePart> scoreParts() {
  return kScoreParts;
}

std::vector<std::string> groupNames(const std::vector<RunResults>& results) {
  std::vector<std::string> names;
  for (const RunResults& run : results) {
    for (const GroupInfo& group : run.groups) {
      if (std::find(names.begin(), names.end(), group.name) == names.end()) {
        names.push_back(group.name);
      }
    }
  }
  return names;
}

const GroupMetrics* groupOf(const RunResults& run, const Metrics& metrics,
                            const std::string& name) {
  for (const GroupMetrics& group : metrics.groups) {
    const auto index = static_cast<std::size_t>(group.group);
    if (index < run.groups.size() && run.groups[index].name == name) {
      return &group;
    }
  }
  return nullptr;
}

int most(const std::vector<RunResults>& results, int RunResults::*number) {
  int largest = 0;
  for (const RunResults& run : results) {
    largest = std::max(largest, run.*number);
  }
  return largest;
}

std::optional<std::size_t> slotOf(const RunResults& run, int layer, int head) {
  if (layer >= run.n_layers || head >= run.n_heads) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(layer) * static_cast<std::size_t>(run.n_heads) +
         static_cast<std::size_t>(head);
}

std::string axisText(const StudyPlan& plan, std::size_t member, std::size_t axis) {
  const std::string& text = plan.values[axis][plan.settings[plan.members[member].setting][axis]];
  const Json json = Json::parse(text, nullptr, false);
  return json.is_string() ? json.get<std::string>() : text;
}

}  // namespace anchorlens::core
