// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "engine/core/scores.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// When something is recorded: pure functions of the step, and for frames of what earlier frames
/// showed. What they remember goes into checkpoints, so that a resumed run records the same steps.
namespace anchorlens::engine {

/// Frames: the step schedule, and closer together after a score has jumped.
class FrameSchedule {
 public:
  /// What the schedule remembers.
  struct State {
    /// Frame at which the latest jump was seen; dense frames follow it.
    std::optional<std::int64_t> jump_step;
    /// The scores of the latest frame, in the order of watchedScores().
    std::vector<double> scores;
    bool operator==(const State&) const = default;
  };

  explicit FrameSchedule(const core::RecordSpec& record) : m_record(record) {}

  bool isDue(std::int64_t step, std::int64_t first, std::int64_t last) const;
  /// A frame was recorded at `step`: looks for a jump since the one before.
  void recorded(std::int64_t step, const std::vector<core::HeadScores>& heads);

  const State& state() const { return m_state; }
  void setState(State state) { m_state = std::move(state); }

 private:
  core::RecordSpec m_record;
  State m_state;
};

/// The lifts that a jump is looked for in: shift, broadcast, self, sink, induction and duplicate of
/// each head (0 where a score does not exist).
std::vector<double> watchedScores(const std::vector<core::HeadScores>& heads);

/// What the driver remembers besides the weights.
struct RecordState {
  FrameSchedule::State frames;
  int stop_streak = 0;  ///< evaluations running that met stop_when
  bool operator==(const RecordState&) const = default;
};
/// One line of JSON, for the checkpoint's metadata; numbers survive exactly.
std::string recordStateText(const RecordState& state);
/// Empty when the text is no such state.
std::optional<RecordState> parseRecordState(std::string_view text);

/// Counts evaluations running that meet the rule.
class StopCounter {
 public:
  explicit StopCounter(std::optional<core::StopRule> rule) : m_rule(std::move(rule)) {}
  /// NaN (there is no such accuracy) never meets the rule.
  void evaluated(double train_accuracy, double test_accuracy);
  bool isMet() const { return m_rule && m_streak >= m_rule->evaluations; }
  int streak() const { return m_streak; }
  void setStreak(int streak) { m_streak = streak; }

 private:
  std::optional<core::StopRule> m_rule;
  int m_streak = 0;
};

}  // namespace anchorlens::engine
