// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/listed_run.h"
#include "app/anchorlens/run_record.h"
#include "widgets/panel_runs_model.h"

#include <memory>
#include <vector>

namespace anchorlens::app {

/// The runs of the window, oldest first. Owns them; an id is never used twice.
class RunList {
 public:
  RunRecord& add(const std::filesystem::path& directory, const QString& name, int colour = -1);
  /// Out of the list, to be put back by undo.
  std::unique_ptr<RunRecord> take(RunId id);
  void insert(std::unique_ptr<RunRecord> run, std::size_t place);

  RunRecord* find(RunId id) const;
  RunRecord* find(const std::filesystem::path& directory) const;
  const std::vector<std::unique_ptr<RunRecord>>& all() const { return m_runs; }
  bool isEmpty() const { return m_runs.empty(); }
  ListedRuns listed() const;
  RunEntry entryOf(const RunRecord& run) const;  ///< of one in the list

  /// Head labels of all runs, those that come too, go by these.
  void setThresholds(const core::LabelThresholds& thresholds);
  const core::LabelThresholds& thresholds() const { return m_thresholds; }

  /// For the Runs dock, newest first; forks stand under their parent.
  std::vector<widgets::RunRow> rows() const;

 private:
  QString differenceOf(std::size_t index) const;
  QString forkText(const RunRecord& run) const;
  std::size_t parentOf(std::size_t index) const;
  widgets::RunRow rowOf(std::size_t index) const;
  void addTree(std::size_t index, int depth, const std::vector<std::size_t>& parents,
               std::vector<bool>& is_there, std::vector<widgets::RunRow>& rows) const;

  std::vector<std::unique_ptr<RunRecord>> m_runs;
  core::LabelThresholds m_thresholds;
  RunId m_next_id = 1;
  int m_next_colour = 0;
};

/// "Run 7" for run-007, else the folder's name.
QString runNameOf(const std::filesystem::path& directory);

/// It says that it is training, but nobody trains it: its program was killed.
bool isInterrupted(const RunRecord& run);

/// Whether training can go on from what is on disk.
bool canContinue(const RunRecord& run);

}  // namespace anchorlens::app
