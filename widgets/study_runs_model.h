// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/study.h"

#include <QAbstractTableModel>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace anchorlens::widgets {

/// A study, expanded, with the length of its runs.
struct PlannedStudy {
  core::StudyPlan plan;
  std::vector<std::int64_t> steps;  ///< of each setting

  std::int64_t stepsOf(std::size_t member) const { return steps[plan.members[member].setting]; }
  std::int64_t totalSteps() const;
};

/// The runs of a study before any is started: number, differences from the base, steps, time.
class StudyRunsModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Number, Differences, Steps, Time, kColumns };
  using QAbstractTableModel::QAbstractTableModel;

  /// Null: no runs. Without a speed times are dashes.
  void setStudy(std::shared_ptr<const PlannedStudy> study, std::optional<double> steps_per_second);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::shared_ptr<const PlannedStudy> m_study;
  std::optional<double> m_steps_per_second;
};

/// "12 runs, 18 000 steps, about 2:30 with 4 at once"; a dash for a time that is not known.
QString studySummary(const PlannedStudy& study, std::optional<double> steps_per_second, int jobs);

/// Seconds until `jobs` processes have trained all runs in their order, each at this speed.
double studySeconds(const PlannedStudy& study, double steps_per_second, int jobs);

/// "0:52", "2:05:00"
QString durationText(double seconds);

}  // namespace anchorlens::widgets
