// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/run_list.h"

#include <QString>

#include <cstddef>
#include <map>
#include <vector>

namespace anchorlens::app {

/// What is asked of the rows of the Runs dock.
struct RowsWanted {
  RunId shown = 0;            ///< 0: the draft
  bool below_folded = false;  ///< those that stand below folded rows, too: they may be many
};

/// Folds runs of one set-up, begun one by one with other seeds, into one row with the median and
/// the range of their test accuracy. Forks, and runs that were changed while they trained, are of
/// no set-up. A folded row still shows, below it, the runs that must not get lost: the one that is
/// shown, those that train, and the newest of all.
///
/// A set-up that comes to be one while one looks at a run of it stays unfolded until it is folded
/// by hand: no run vanishes that was just begun. Others (read from the disk) are folded at first.
class SeedFolds {
 public:
  /// Two seeds are a pair to compare; from the third on they are a sample.
  static constexpr std::size_t kLeastSeeds = 3;

  /// By set-up (core::setUpHash): whether it is folded.
  using States = std::map<QString, bool>;

  /// `rows`: runs and their forks, newest first, and studies, which are left as they are. The row
  /// of a set-up takes the place of its newest run.
  std::vector<widgets::RunRow> fold(std::vector<widgets::RunRow> rows, const RunList& runs,
                                    const RowsWanted& wanted);
  /// False: not one of its rows.
  bool toggle(quint64 row);

  /// For the session.
  const States& states() const { return m_is_folded; }
  void setStates(const States& states) { m_is_folded = states; }

 private:
  struct SetUp {
    std::vector<std::size_t> places;  ///< of its runs' rows, newest first
    std::vector<const RunRecord*> runs;
  };
  using SetUps = std::map<QString, SetUp>;
  static SetUps setUpsOf(const std::vector<widgets::RunRow>& rows, const RunList& runs);
  widgets::RunRow headOf(const QString& name, const SetUp& set_up,
                         const std::vector<widgets::RunRow>& rows, const RunList& runs);
  void addSetUp(const QString& name, const SetUp& set_up, std::vector<widgets::RunRow>& rows,
                const RunList& runs, const RowsWanted& wanted,
                std::vector<widgets::RunRow>& folded);
  void forget(const SetUps& set_ups, const RunList& runs);

  States m_is_folded;
  std::map<QString, quint64> m_ids;  ///< of their rows
};

}  // namespace anchorlens::app
