// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/live_data.h"
#include "app/anchorlens/run_loader.h"
#include "widgets/head_map_data.h"
#include "widgets/predictions/group_view.h"
#include "widgets/run_history.h"

#include <QString>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace anchorlens::app {

/// All that the window knows of one run: what the views draw from. GUI thread.
class RunRecord {
 public:
  RunRecord(RunId id, std::filesystem::path directory, QString name);

  RunId id() const { return m_id; }
  const std::filesystem::path& directory() const { return m_directory; }
  /// The same directory always has the same: absolute, without links. Found once, not by a look at
  /// the disk each time; of the run that it was forked from, empty when it is no fork.
  const std::string& location() const { return m_location; }
  const std::string& parentLocation() const { return m_parent_location; }
  const QString& name() const { return m_name; }
  void setName(const QString& name) { m_name = name; }
  int colour() const { return m_colour; }  ///< index into the run palette
  void setColour(int index) { m_colour = index; }

  /// Experiment, task and probe are known; until then only name and directory are.
  bool isLoaded() const { return m_facts.has_value(); }
  const RunFacts& facts() const { return *m_facts; }  ///< isLoaded() only
  /// The first facts make an empty history; later ones (a continued run) keep it.
  void setFacts(const RunFacts& facts);
  /// The same for all runs that differ in their seeds only (core::setUpHash); empty for a fork, for
  /// one that was changed while it trained, and while it is not loaded.
  QString setUp() const;
  int factsVersion() const { return m_facts_version; }  ///< another one after each setFacts()
  void setInterventions(const std::vector<core::Intervention>& history);
  /// What holds in the model after so many steps; nothing while it is not loaded.
  core::InEffect inEffect(std::int64_t step) const;
  const std::shared_ptr<const widgets::ProbeContext>& probe() const { return m_probe; }

  const core::RunStatus& status() const { return m_status; }
  core::RunState state() const { return m_status.state; }
  void setState(core::RunState state, std::int64_t step, const QString& reason);
  /// Why it cannot be shown; empty when it can.
  const QString& problem() const { return m_problem; }
  void setProblem(const QString& problem) { m_problem = problem; }
  /// This window's worker holds it: its news come by mailbox, and polls tell no status.
  bool isOurs() const { return m_is_ours; }
  void setOurs(bool ours) { m_is_ours = ours; }

  /// Rows of the directory; those known already (from the mailbox) are skipped. What this record
  /// can keep as it is, is taken out of them.
  void add(RunRows& rows);
  void add(const core::StepMetrics& step);
  void add(const core::Metrics& metrics);
  void add(const FramePtr& frame);
  void add(const core::Event& event);
  void add(const CheckpointSteps& checkpoints);
  /// A resume goes on from `step`: what came after it is trained again.
  void truncateAfter(std::int64_t step);

  void setThresholds(const core::LabelThresholds& thresholds) {
    m_history->setThresholds(thresholds);
  }

  const std::vector<core::Bookmark>& bookmarks() const { return m_bookmarks; }
  /// Changes that are not on the disk yet, or cannot be written there.
  const std::vector<core::BookmarkChange>& unwrittenBookmarks() const { return m_unwritten; }
  /// Seen at once; unwritten until bookmarksWritten().
  void changeBookmarks(const std::vector<core::BookmarkChange>& changes);
  void bookmarksWritten(const std::vector<core::BookmarkChange>& changes);

  const widgets::RunHistory& history() const { return *m_history; }
  std::int64_t lastStep() const;
  /// Newest frame's labels; empty without heads.
  std::vector<core::HeadLabel> labelsAt(std::int64_t step) const {
    return m_history->labelsAt(step);
  }

  /// A recorded frame with patterns when it is in memory.
  FramePtr cachedFrame(std::int64_t step) const;
  void cacheFrame(const FramePtr& frame);

  /// Accuracy on held-out keys at the last evaluation; empty when there is none.
  std::optional<double> testAccuracy() const;
  /// The last evaluation at or before a step; null when there is none.
  const core::Metrics* metricsAt(std::int64_t step) const;
  /// Accuracy of each group of the task over time, thinned.
  std::vector<widgets::GroupCurve> groupCurves() const;

 private:
  bool takeHistory(RunRows& rows);
  void addRows(const RunRows& rows);
  void readBookmarks(std::vector<core::Bookmark> bookmarks);

  RunId m_id;
  std::filesystem::path m_directory;
  std::string m_location;
  std::string m_parent_location;
  QString m_name;
  QString m_problem;
  int m_colour = 0;
  bool m_is_ours = false;
  std::optional<RunFacts> m_facts;
  int m_facts_version = 0;
  QString m_set_up;
  std::shared_ptr<const widgets::ProbeContext> m_probe;
  std::unique_ptr<widgets::RunHistory> m_history = std::make_unique<widgets::RunHistory>();
  core::RunStatus m_status;
  std::int64_t m_last_step = -1;
  std::vector<core::Metrics> m_metrics;
  std::vector<core::Bookmark> m_bookmarks;
  std::vector<core::BookmarkChange> m_unwritten;
  std::map<std::int64_t, FramePtr> m_cache;
  std::size_t m_cached_bytes = 0;
};

}  // namespace anchorlens::app
