// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study_runs_model.h"

#include "widgets/number_format.h"

#include <queue>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace anchorlens::widgets {

std::int64_t PlannedStudy::totalSteps() const {
  std::int64_t total = 0;
  for (std::size_t member = 0; member < plan.members.size(); ++member)
    total += stepsOf(member);
  return total;
}

void StudyRunsModel::setStudy(std::shared_ptr<const PlannedStudy> study,
                              std::optional<double> steps_per_second) {
  beginResetModel();
  m_study = std::move(study);
  m_steps_per_second = steps_per_second;
  endResetModel();
}

int StudyRunsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() || !m_study ? 0 : static_cast<int>(m_study->plan.members.size());
}

int StudyRunsModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : kColumns;
}

QVariant StudyRunsModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid))
    return {};
  const auto row = static_cast<std::size_t>(index.row());
  const core::StudyMember& member = m_study->plan.members[row];
  const bool is_text = index.column() == Differences;
  if (role == Qt::TextAlignmentRole) {
    return QVariant::fromValue(is_text ? Qt::AlignLeft | Qt::AlignVCenter
                                       : Qt::AlignRight | Qt::AlignVCenter);
  }
  if (role == Qt::ToolTipRole && is_text)
    return QString::fromStdString(member.folder);
  if (role != Qt::DisplayRole)
    return {};
  switch (index.column()) {
    case Number:
      return index.row() + 1;
    case Differences:
      return member.differences.empty() ? tr("as the draft")
                                        : QString::fromStdString(member.differences);
    case Steps:
      return formatInteger(m_study->stepsOf(row));
    default:
      return m_steps_per_second
                 ? durationText(static_cast<double>(m_study->stepsOf(row)) / *m_steps_per_second)
                 : QStringLiteral("–");
  }
}

QVariant StudyRunsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal)
    return {};
  if (role == Qt::TextAlignmentRole && section != Differences)
    return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
  if (role == Qt::TextAlignmentRole)
    return QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
  if (role != Qt::DisplayRole)
    return {};
  return QStringList{tr("Run"), tr("Differs in"), tr("Steps"), tr("Time")}.value(section);
}

double studySeconds(const PlannedStudy& study, double steps_per_second, int jobs) {
  // The next run goes to the process that is free first.
  std::priority_queue<double, std::vector<double>, std::greater<>> free_at;
  for (int job = 0; job < std::max(1, jobs); ++job)
    free_at.push(0);
  double end = 0;
  for (std::size_t member = 0; member < study.plan.members.size(); ++member) {
    const double done =
        free_at.top() + static_cast<double>(study.stepsOf(member)) / steps_per_second;
    free_at.pop();
    free_at.push(done);
    end = std::max(end, done);
  }
  return end;
}

QString durationText(double seconds) {
  const auto total = static_cast<std::int64_t>(std::llround(std::min(seconds, 1e9)));
  const auto two = [](std::int64_t number) {
    return QStringLiteral("%1").arg(number, 2, 10, QLatin1Char('0'));
  };
  const std::int64_t minutes = total / 60 % 60;
  if (total < 3600)
    return QStringLiteral("%1:%2").arg(QString::number(minutes), two(total % 60));
  return QStringLiteral("%1:%2:%3")
      .arg(QString::number(total / 3600), two(minutes), two(total % 60));
}

QString studySummary(const PlannedStudy& study, std::optional<double> steps_per_second, int jobs) {
  const std::size_t runs = study.plan.members.size();
  const QString time = steps_per_second
                           ? StudyRunsModel::tr("about %1")
                                 .arg(durationText(studySeconds(study, *steps_per_second, jobs)))
                           : StudyRunsModel::tr("time –");
  return StudyRunsModel::tr("%1, %2 steps, %3 with %4 at once")
      .arg(runs == 1
               ? StudyRunsModel::tr("1 run")
               : StudyRunsModel::tr("%1 runs").arg(formatInteger(static_cast<std::int64_t>(runs))),
           formatInteger(study.totalSteps()), time, QString::number(jobs));
}

}  // namespace anchorlens::widgets
