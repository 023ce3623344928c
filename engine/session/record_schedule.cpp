// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/record_schedule.h"

#include "engine/core/step_schedule.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace anchorlens::engine {
namespace {

double liftOf(const std::optional<core::Score>& score) {
  return score ? score->lift : 0.0;
}

}  // namespace

bool FrameSchedule::isDue(std::int64_t step, std::int64_t first, std::int64_t last) const {
  if (core::isDue(m_record.frames, step, first, last)) {
    return true;
  }
  if (!m_state.jump_step || step <= *m_state.jump_step) {
    return false;
  }
  const std::int64_t since = step - *m_state.jump_step;
  return since % m_record.jump_every == 0 && since / m_record.jump_every <= m_record.jump_frames;
}

void FrameSchedule::recorded(std::int64_t step, const std::vector<core::HeadScores>& heads) {
  std::vector<double> scores = watchedScores(heads);
  if (m_record.jump > 0 && scores.size() == m_state.scores.size()) {
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (std::abs(scores[i] - m_state.scores[i]) >= m_record.jump) {
        m_state.jump_step = step;
        break;
      }
    }
  }
  m_state.scores = std::move(scores);
}

std::vector<double> watchedScores(const std::vector<core::HeadScores>& heads) {
  std::vector<double> scores;
  scores.reserve(heads.size() * 6);
  for (const core::HeadScores& head : heads) {
    for (const double value : {head.shift(), head.broadcast(), head.self.lift, head.sink.lift,
                               liftOf(head.induction), liftOf(head.duplicate)}) {
      scores.push_back(std::isfinite(value) ? value : 0.0);
    }
  }
  return scores;
}

std::string recordStateText(const RecordState& state) {
  nlohmann::json json;
  json["jump_step"] =
      state.frames.jump_step ? nlohmann::json(*state.frames.jump_step) : nlohmann::json();
  json["scores"] = state.frames.scores;
  json["stop_streak"] = state.stop_streak;
  return json.dump();
}

std::optional<RecordState> parseRecordState(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("jump_step") || !json.contains("scores") ||
      !json.contains("stop_streak")) {
    return std::nullopt;
  }
  RecordState state;
  const auto& jump_step = json["jump_step"];
  if (jump_step.is_number_integer()) {
    state.frames.jump_step = jump_step.get<std::int64_t>();
  } else if (!jump_step.is_null()) {
    return std::nullopt;
  }
  if (!json["scores"].is_array() || !json["stop_streak"].is_number_integer()) {
    return std::nullopt;
  }
  for (const auto& score : json["scores"]) {
    if (!score.is_number()) {
      return std::nullopt;
    }
    state.frames.scores.push_back(score.get<double>());
  }
  state.stop_streak = json["stop_streak"].get<int>();
  return state;
}

void StopCounter::evaluated(double train_accuracy, double test_accuracy) {
  if (!m_rule) {
    return;
  }
  const double value = m_rule->metric == "train_accuracy" ? train_accuracy : test_accuracy;
  m_streak = value >= m_rule->at_least ? m_streak + 1 : 0;
}

}  // namespace anchorlens::engine
