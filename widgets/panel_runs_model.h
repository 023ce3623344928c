// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"

#include <QAbstractListModel>
#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace anchorlens::widgets {

/// One row of the Runs dock: a run, a study whose runs are folded into it, a setting of the study
/// that folds those of its seeds, a set-up whose seeds are folded into it, or one of these runs.
struct RunRow {
  enum class Kind {
    Run,
    Study,
    Setting,  ///< of the study above it
    Seeds,    ///< runs of one set-up that are of no study
    Member,   ///< a run of the study or set-up above it
  };
  Kind kind = Kind::Run;
  bool canFold() const {
    return kind == Kind::Study || kind == Kind::Setting || kind == Kind::Seeds;
  }
  bool hasArrow() const { return canFold() && !is_held_open; }
  bool is_folded = false;  ///< without its runs below it
  int depth = 0;           ///< how far in it stands: below a study, below a setting
  bool is_open = true;     ///< a run that the window has read
  quint64 id = 0;
  QString name;
  int colour = 0;
  core::RunState state = core::RunState::Created;
  QString status;  ///< beside the icon: "step 18 400", "finished", "failed at 2 140"
  QString
      difference;   ///< from the run before it: "seed 1 → 3"; of what folds the range of accuracy
  QString problem;  ///< why it failed or cannot be shown; in the tooltip
  std::optional<std::int64_t> step;     ///< of the last training step
  std::optional<double> test_accuracy;  ///< of what folds the median
  bool is_ours = false;                 ///< this window trains or holds it
  bool can_continue = false;
  QString continue_problem;  ///< why it never can be; the menu then shows it disabled
  bool can_fork = false;
  bool can_tick = false;  ///< it has a tick box: two ticked runs can be compared
  bool is_ticked = false;
  QString folder;  ///< none: a run that is only planned
  int n_runs = 0;  ///< of what folds: the runs below it
  /// What the filter makes of it: it cannot be folded while there is one; a
  /// run that only stands there for those below it.
  bool is_held_open = false;
  bool is_context = false;
  bool operator==(const RunRow&) const = default;
};

/// What a row that is dragged carries: the run's id as text.
inline const QString kRunMimeType = QStringLiteral("application/x-anchorlens-run");

/// The runs that are listed, in their order.
class RunsModel : public QAbstractListModel {
  Q_OBJECT

 public:
  enum Role { RowRole = Qt::UserRole + 1 };
  using QAbstractListModel::QAbstractListModel;

  /// Changes only what differs: selection and editors survive while the runs stay the same, in
  /// whatever order.
  void setRows(const std::vector<RunRow>& rows);
  const std::vector<RunRow>& rows() const { return m_rows; }
  int rowOf(quint64 id) const;  ///< -1: none

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  QStringList mimeTypes() const override { return {kRunMimeType}; }
  /// Of one run that can be ticked.
  QMimeData* mimeData(const QModelIndexList& indexes) const override;

 signals:
  void renamed(quint64 id, const QString& name);
  void ticked(quint64 id);

 private:
  void reorder(const std::vector<RunRow>& rows);

  std::vector<RunRow> m_rows;
};

/// "failed at 2 140"; `step` of the last training step.
QString runStatusText(core::RunState state, std::int64_t step);
/// "Run 6, finished, test accuracy 99.6 percent, seed 3"
QString runDescription(const RunRow& row);

}  // namespace anchorlens::widgets
