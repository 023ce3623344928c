// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/listed_run.h"
#include "app/anchorlens/run_record.h"
#include "widgets/panel_runs_model.h"

#include <cstddef>
#include <map>
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

  /// What the set-up of a run has other than the run before it, seeds left out; empty: nothing.
  QString setUpDifference(const RunRecord& run) const;
  /// For the Runs dock, newest first; forks stand under their parent.
  std::vector<widgets::RunRow> rows() const;

 private:
  std::size_t placeOf(const RunRecord& run) const;  ///< of one in the list
  /// What differs between two runs, kept: it is asked for with every picture of the list.
  struct Difference {
    RunId before = 0;
    int before_version = 0;
    int version = 0;
    QString text;
  };
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  /// Makes the text where another one is known, or none.
  template <typename Make>
  static const QString& keep(std::map<RunId, Difference>& differences, const RunRecord& before,
                             const RunRecord& run, Make make);
  const QString& differenceFrom(const RunRecord& before, const RunRecord& run) const;
  const RunRecord* loadedBefore(std::size_t index) const;
  QString differenceOf(std::size_t index, std::size_t parent) const;
  QString forkText(const RunRecord& run, std::size_t parent) const;
  std::vector<std::size_t> parents() const;
  widgets::RunRow rowOf(std::size_t index, std::size_t parent) const;

  std::vector<std::unique_ptr<RunRecord>> m_runs;
  mutable std::map<RunId, Difference> m_differences;         ///< by the later run
  mutable std::map<RunId, Difference> m_set_up_differences;  ///< seeds left out
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
