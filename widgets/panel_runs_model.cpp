// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_runs_model.h"

#include "widgets/number_format.h"

#include <QMimeData>
#include <QRegularExpression>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

std::vector<quint64> idsOf(const std::vector<RunRow>& rows) {
  std::vector<quint64> ids;
  ids.reserve(rows.size());
  for (const RunRow& row : rows)
    ids.push_back(row.id);
  return ids;
}

}  // namespace

void RunsModel::setRows(const std::vector<RunRow>& rows) {
  std::vector<quint64> before = idsOf(m_rows);
  std::vector<quint64> after = idsOf(rows);
  if (before == after) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i] == m_rows[i])
        continue;
      m_rows[i] = rows[i];
      const QModelIndex changed = index(static_cast<int>(i));
      emit dataChanged(changed, changed);
    }
    return;
  }
  std::sort(before.begin(), before.end());
  std::sort(after.begin(), after.end());
  if (before == after) {
    reorder(rows);
    return;
  }
  beginResetModel();
  m_rows = rows;
  endResetModel();
}

void RunsModel::reorder(const std::vector<RunRow>& rows) {
  emit layoutAboutToBeChanged({}, VerticalSortHint);
  const QModelIndexList from = persistentIndexList();
  std::vector<quint64> ids;
  for (const QModelIndex& index : from)
    ids.push_back(m_rows[static_cast<std::size_t>(index.row())].id);
  m_rows = rows;
  QModelIndexList to;
  for (const quint64 id : ids)
    to.append(index(rowOf(id)));
  changePersistentIndexList(from, to);
  emit layoutChanged({}, VerticalSortHint);
}

int RunsModel::rowOf(quint64 id) const {
  const auto found =
      std::find_if(m_rows.begin(), m_rows.end(), [id](const RunRow& row) { return row.id == id; });
  return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int RunsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant RunsModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid))
    return {};
  const RunRow& row = m_rows[static_cast<std::size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
      return row.name;
    case Qt::AccessibleTextRole:
      return runDescription(row);
    case Qt::ToolTipRole:
      if (row.kind == RunRow::Kind::Seeds)  // what is elided where there is little room
        return row.difference;
      return row.problem.isEmpty() ? row.folder : row.problem + QLatin1Char('\n') + row.folder;
    case Qt::CheckStateRole:
      return row.can_tick ? QVariant(row.is_ticked ? Qt::Checked : Qt::Unchecked) : QVariant();
    case RowRole:
      return QVariant::fromValue(row);
    default:
      return {};
  }
}

bool RunsModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  const RunRow& row = m_rows[static_cast<std::size_t>(index.row())];
  if (role == Qt::CheckStateRole && row.can_tick) {
    emit ticked(row.id);
    return true;
  }
  const QString name = value.toString().simplified();
  if (role != Qt::EditRole || name.isEmpty())
    return false;
  if (name != row.name)
    emit renamed(row.id, name);
  return true;
}

Qt::ItemFlags RunsModel::flags(const QModelIndex& index) const {
  if (!index.isValid())
    return Qt::NoItemFlags;
  const RunRow& row = m_rows[static_cast<std::size_t>(index.row())];
  const bool has_name = !row.canFold() && row.is_open;
  return Qt::ItemIsEnabled | Qt::ItemIsSelectable |
         (has_name ? Qt::ItemIsEditable : Qt::NoItemFlags) |
         (row.can_tick ? Qt::ItemIsUserCheckable | Qt::ItemIsDragEnabled : Qt::NoItemFlags);
}

QMimeData* RunsModel::mimeData(const QModelIndexList& indexes) const {
  if (indexes.isEmpty())
    return nullptr;
  auto* data = new QMimeData;
  data->setData(kRunMimeType,
                QByteArray::number(m_rows[static_cast<std::size_t>(indexes[0].row())].id));
  return data;
}

QString runStatusText(core::RunState state, std::int64_t step) {
  switch (state) {
    case core::RunState::Created:
      return RunsModel::tr("starting");
    case core::RunState::Training:
      return RunsModel::tr("step %1").arg(formatInteger(step));
    case core::RunState::Paused:
      return RunsModel::tr("paused at %1").arg(formatInteger(step));
    case core::RunState::Stopped:
      return RunsModel::tr("stopped at %1").arg(formatInteger(step));
    case core::RunState::Finished:
      return RunsModel::tr("finished");
    case core::RunState::Failed:
      return RunsModel::tr("failed at %1").arg(formatInteger(step));
  }
  return {};
}

namespace {

/// "seed 1 → 3" is said as "seed 3".
QString spokenDifference(QString difference) {
  static const QRegularExpression before(QStringLiteral("\\S+ → "));
  return difference.remove(before);
}

}  // namespace

QString runDescription(const RunRow& row) {
  QStringList parts{row.name, row.status};
  const bool is_study = row.canFold();
  if (row.hasArrow())
    parts.append(row.is_folded ? RunsModel::tr("folded") : RunsModel::tr("unfolded"));
  if (row.test_accuracy) {
    const QString percent = QString::number(*row.test_accuracy * 100, 'f', 1);
    parts.append(is_study ? RunsModel::tr("median test accuracy %1 percent").arg(percent)
                          : RunsModel::tr("test accuracy %1 percent").arg(percent));
  }
  if (!row.difference.isEmpty())
    parts.append(spokenDifference(row.difference));
  if (row.is_ticked)
    parts.append(RunsModel::tr("ticked for compare"));
  if (row.is_context)
    parts.append(RunsModel::tr("not found by the filter, a run below it is"));
  return parts.join(QStringLiteral(", "));
}

}  // namespace anchorlens::widgets
