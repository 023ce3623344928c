// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Head scores, labels and emergence (docs/scores.md). Every score is a lift over an untrained
/// causal head on the same cells: lift(s, c) = (s - c) / (1 - c); the definitions are ours.
namespace anchorlens::core {

struct PatternBatch;
struct SequenceSet;
class Task;

/// lift(s, c); 0 when c is 1 (a cell that every head fills).
double lift(double mass, double chance);

/// A raw mass, what an untrained head has there, and the lift.
struct Score {
  double mass = 0;
  double chance = 0;
  double lift = 0;
};

/// Attention from one source role (an anchor or a key) to its later readers.
struct BroadcastScore {
  std::uint8_t source = 0;  ///< index into Task::roles()
  Score output;             ///< output row only
  double output_coverage = 0;
  double output_tracking = 0;
  int output_fixed_column = 0;  ///< the best fixed column, and its lift
  double output_fixed_lift = 0;
  /// All rows after the source; absent when the source is always last.
  std::optional<Score> later;
  double later_coverage = 0;
  double later_tracking = 0;
  int later_fixed_column = 0;  ///< -1 when no column has three rows after it
  double later_fixed_lift = 0;
};

/// The task row of one pair: the later token looks at the earlier one.
struct RowScore {
  std::uint8_t reader = 0;  ///< roles, as in Task::pairs()
  std::uint8_t source = 0;
  Score score;
};

/// All scores of one head on one probe batch.
struct HeadScores {
  std::array<Score, 4> shift_lags;         ///< lag d = 1..4 at index d - 1
  int shift_lag = 1;                       ///< the best
  double shift_consistency = 0;            ///< of the best lag
  std::optional<RowScore> shift_row;       ///< best pair; absent for a task without an anchor
  std::vector<RowScore> shift_rows;        ///< every pair
  std::vector<BroadcastScore> broadcasts;  ///< every source
  int best_broadcast = -1;                 ///< index into broadcasts: largest output lift; -1 none
  Score self;
  Score sink;                      ///< column 0
  Score previous;                  ///< lag 1, all rows: shift_lags[0] by its literature name
  std::optional<Score> induction;  ///< absent when no probe sequence has the cells
  std::optional<Score> duplicate;

  /// Larger of the task-row lift and the best all-rows lift.
  double shift() const;
  /// Output lift of the best broadcast; 0 when there is none.
  double broadcast() const;
};

/// Scores of each head of a batch; `sequences` has the roles of the same n sequences.
/// Returns [layer * n_heads + head].
std::vector<HeadScores> scoreHeads(const PatternBatch& patterns, const SequenceSet& sequences,
                                   const Task& task, bool causal);

enum class Label : std::uint8_t { Shift, Broadcast, Self, Sink, Induction, Duplicate };
std::string_view labelName(Label label);  ///< "shift", ...

struct LabelThresholds {
  double enter = 0.5;
  double forming = 0.25;
  double leave_below = 0.1;  ///< a label is left this much under its threshold
  double coverage = 0.5;
  double tracking = 0.1;
};

enum class LabelState : std::uint8_t { None, Forming, Entered };
std::string_view labelStateName(LabelState state);  ///< "", "forming", "entered"

/// What one head is called at one frame.
struct HeadLabel {
  std::optional<Label> label;  ///< the largest lift among the entered, else among the forming ones
  LabelState state = LabelState::None;
  double value = 0;           ///< the lift that the label goes by; without a label the best lift
  bool to_all_later = false;  ///< broadcast: all later rows read it too
  std::vector<Label> labels;  ///< every entered label
  std::array<LabelState, 6> states{};  ///< of each Label
};

/// Labels of one head over time: feed frames in order of step.
class Labeller {
 public:
  explicit Labeller(LabelThresholds thresholds = {}) : m_thresholds(thresholds) {}
  HeadLabel next(const HeadScores& scores);
  void reset() {
    m_states = {};
    m_to_all_later = false;
  }

 private:
  LabelThresholds m_thresholds;
  std::array<LabelState, 6> m_states{};
  bool m_to_all_later = false;
};

/// One frame on its own: no hysteresis.
HeadLabel labelOf(const HeadScores& scores, const LabelThresholds& thresholds = {});

/// First evaluation at or above the threshold from which the score does not fall 0.1 below it
/// again in the next three; empty when there is none yet (so it is known three evaluations later),
/// and where it hasEmergedBefore(). `steps` ascending.
std::optional<std::int64_t> emergenceStep(const std::vector<std::int64_t>& steps,
                                          const std::vector<double>& lifts,
                                          const LabelThresholds& thresholds = {});
/// The same in a part of a record, whatever was before it.
std::optional<std::int64_t> emergenceWithin(const std::vector<std::int64_t>& steps,
                                            const std::vector<double>& lifts,
                                            const LabelThresholds& thresholds);

/// Whether a record (of a fork, of an import) begins after step 0 with a value at the threshold:
/// when it got there is unknown.
bool hasEmergedBefore(const std::vector<std::int64_t>& steps, const std::vector<double>& values,
                      double threshold);

}  // namespace anchorlens::core
