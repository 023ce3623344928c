// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/frame.h"
#include "engine/core/label_values.h"
#include "engine/core/loss_spikes.h"
#include "engine/core/scores.h"
#include "engine/core/store/run_store.h"
#include "engine/core/task/task.h"
#include "widgets/number_table.h"
#include "widgets/theme.h"

#include <QString>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace anchorlens::widgets {

/// Values over steps, steps ascending.
struct Series {
  std::vector<double> steps;
  std::vector<double> values;

  std::size_t size() const { return steps.size(); }
  bool isEmpty() const { return steps.empty(); }
  /// Replaces a last point of the same step; a step before the last is put in its place.
  void add(double step, double value);
  /// Halves the points where there are more than `most`: of four neighbours the smallest and the
  /// largest stay, so that peaks survive.
  void thin(std::size_t most);
  /// Value of the last point at or before `step`; NaN when there is none.
  double at(double step) const;
};

/// A curve of loss or accuracy.
struct GroupSeries {
  QString name;  ///< "Train", "Test", "A=3 B=4"
  GroupLine line = GroupLine::Train;
  Series loss;
  Series accuracy;
};

/// One head over time.
struct HeadSeries {
  int layer = 0;
  int head = 0;
  std::vector<double> steps;
  std::array<std::vector<double>, 6> lifts;            ///< by core::Label
  std::vector<core::LabelValues> values;               ///< what the labels go by, at each step
  std::vector<core::HeadLabel> labels;                 ///< at each step, with hysteresis
  std::array<double, 6> best{};                        ///< largest lift so far, by core::Label
  std::array<std::optional<std::int64_t>, 6> emerged;  ///< by core::Label
  bool has_pattern = false;  ///< some label was forming or entered at some step
  std::optional<core::Label> newest_entered;
};

/// All that a run has told so far, as the timeline and the exported curves need it. One object a
/// run, owned by the controller, changed on the window's thread only.
class RunHistory {
 public:
  RunHistory() = default;
  /// `groups` of the task: groups of held-out combinations get curves of their own.
  RunHistory(int n_layers, int n_heads, std::int64_t total_steps,
             std::vector<core::GroupInfo> groups, core::LabelThresholds thresholds = {});

  void addStep(const core::StepMetrics& step);
  void addMetrics(const core::Metrics& metrics);
  /// Scores of a recorded frame, steps ascending: a step that is not newer than the last one is
  /// ignored. [layer * n_heads + head]; empty or other sizes: a frame without scores.
  void addScores(std::int64_t step, const std::vector<core::HeadScores>& scores);
  /// All there are, ascending.
  void setCheckpoints(std::vector<std::int64_t> steps);
  void addEvent(const core::Event& event);
  /// Labels everything again.
  void setThresholds(const core::LabelThresholds& thresholds);
  const core::LabelThresholds& thresholds() const { return m_thresholds; }
  void setTotalSteps(std::int64_t steps) { m_total_steps = steps; }
  /// A resume went on from `step`: what is after it is dropped.
  void truncateAfter(std::int64_t step);

  int layers() const { return m_n_layers; }
  int heads() const { return m_n_heads; }
  std::int64_t totalSteps() const { return m_total_steps; }
  /// Newest step of anything; 0 when empty.
  std::int64_t newestStep() const;
  bool isEmpty() const;

  /// Of each optimiser step's batch; thinned when a run gets very long.
  const Series& stepLoss() const { return m_step_loss; }
  const std::vector<GroupSeries>& groups() const { return m_groups; }  ///< with points only
  const std::vector<HeadSeries>& headSeries() const { return m_heads; }
  const std::vector<std::int64_t>& frames() const { return m_frames; }
  const std::vector<std::int64_t>& checkpoints() const { return m_checkpoints; }
  const std::vector<core::Event>& events() const { return m_events; }
  /// Sudden rises of stepLoss(), steps ascending.
  const std::vector<core::LossSpike>& spikes() const { return m_spikes.spikes(); }

  /// Labels of every head at the last frame at or before `step`; empty when there is none.
  std::vector<core::HeadLabel> labelsAt(std::int64_t step) const;
  /// The label whose score a head's strip shows: the newest entered label, else the best one.
  core::Label stripLabel(int layer, int head) const;
  std::optional<std::int64_t> emergence(int layer, int head, core::Label label) const;
  /// Some head had the label where the record begins, after step 0: when the first got it is
  /// unknown.
  bool hasEmergedBefore(core::Label label) const;
  /// First emergence of any head with this label; none where it hasEmergedBefore().
  std::optional<std::int64_t> firstEmergence(core::Label label) const;
  bool hasPattern(int layer, int head) const;  ///< ever above the forming threshold

  /// Index into frames() of the frame shown at `step` (the last at or before it, else the first);
  /// -1 when there is none.
  int frameIndexAt(std::int64_t step) const;
  /// Of the frame nearest to `step`.
  int nearestFrame(std::int64_t step) const;

  /// Step, then loss and accuracy of each group, and what smoothed() (time_scale.h) makes of them.
  NumberTable curveNumbers(int smoothing = 0) const;
  NumberTable scoreNumbers() const;  ///< step, layer, head, label, then the lifts

 private:
  GroupSeries& group(const QString& name, GroupLine line);

  int m_n_layers = 0;
  int m_n_heads = 0;
  std::int64_t m_total_steps = 0;
  std::vector<core::GroupInfo> m_group_infos;
  core::LabelThresholds m_thresholds;
  Series m_step_loss;
  core::SpikeFinder m_spikes;
  std::vector<GroupSeries> m_groups;
  std::vector<HeadSeries> m_heads;
  std::vector<std::int64_t> m_frames;
  std::vector<std::int64_t> m_checkpoints;
  std::vector<core::Event> m_events;
};

}  // namespace anchorlens::widgets
