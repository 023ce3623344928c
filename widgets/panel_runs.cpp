// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_runs.h"

#include "widgets/number_format.h"
#include "widgets/panel_runs_delegate.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <memory>

namespace anchorlens::widgets {

void RunsModel::setRows(const std::vector<RunRow>& rows) {
  const bool same_runs = rows.size() == m_rows.size() &&
                         std::equal(rows.begin(), rows.end(), m_rows.begin(),
                                    [](const RunRow& a, const RunRow& b) { return a.id == b.id; });
  if (!same_runs) {
    beginResetModel();
    m_rows = rows;
    endResetModel();
    return;
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] == m_rows[i])
      continue;
    m_rows[i] = rows[i];
    const QModelIndex changed = index(static_cast<int>(i));
    emit dataChanged(changed, changed);
  }
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
      return row.problem.isEmpty() ? row.folder : row.problem + QLatin1Char('\n') + row.folder;
    case RowRole:
      return QVariant::fromValue(row);
    default:
      return {};
  }
}

bool RunsModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  const QString name = value.toString().simplified();
  if (role != Qt::EditRole || name.isEmpty())
    return false;
  const RunRow& row = m_rows[static_cast<std::size_t>(index.row())];
  if (name != row.name)
    emit renamed(row.id, name);
  return true;
}

Qt::ItemFlags RunsModel::flags(const QModelIndex& index) const {
  return index.isValid() ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsEditable
                         : Qt::NoItemFlags;
}

QString runStatusText(core::RunState state, std::int64_t step) {
  switch (state) {
    case core::RunState::Created:
      return RunsPanel::tr("starting");
    case core::RunState::Training:
      return RunsPanel::tr("step %1").arg(formatInteger(step));
    case core::RunState::Paused:
      return RunsPanel::tr("paused at %1").arg(formatInteger(step));
    case core::RunState::Stopped:
      return RunsPanel::tr("stopped at %1").arg(formatInteger(step));
    case core::RunState::Finished:
      return RunsPanel::tr("finished");
    case core::RunState::Failed:
      return RunsPanel::tr("failed at %1").arg(formatInteger(step));
  }
  return {};
}

QString runDescription(const RunRow& row) {
  QStringList parts{row.name, row.status};
  if (row.test_accuracy) {
    parts.append(RunsPanel::tr("test accuracy %1 percent")
                     .arg(QString::number(*row.test_accuracy * 100, 'f', 1)));
  }
  if (!row.difference.isEmpty())
    parts.append(row.difference);
  return parts.join(QStringLiteral(", "));
}

RunsPanel::RunsPanel(QWidget* parent) : QWidget(parent) {
  m_model = new RunsModel(this);
  m_list = new QListView(this);
  m_list->setProperty("role", "plain");
  m_list->setModel(m_model);
  m_list->setItemDelegate(new RunDelegate(m_list));
  m_list->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked);
  m_list->setContextMenuPolicy(Qt::CustomContextMenu);
  m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_list->setAccessibleName(tr("Runs"));
  connect(m_list, &QListView::customContextMenuRequested, this, &RunsPanel::showMenu);
  connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
          [this](const QModelIndex& current) {
            if (!m_is_selecting && current.isValid())
              emit runSelected(current.data(RunsModel::RowRole).value<RunRow>().id);
          });
  connect(m_model, &RunsModel::renamed, this, &RunsPanel::renamed);

  auto* filled = new QWidget(this);
  auto* filled_layout = new QVBoxLayout(filled);
  filled_layout->setContentsMargins(0, 0, 0, 0);
  filled_layout->setSpacing(0);
  m_header = new QWidget(filled);
  auto* header = new QHBoxLayout(m_header);
  header->setContentsMargins(30, 2, 12, 4);
  for (const QString& caption : {tr("run"), tr("test accuracy")}) {
    auto* label = new QLabel(caption, m_header);
    label->setProperty("role", "caption");
    header->addWidget(label);
    if (header->count() == 1)
      header->addStretch(1);
  }
  filled_layout->addWidget(m_header);
  filled_layout->addWidget(m_list, 1);

  auto* empty = new QWidget(this);
  auto* empty_layout = new QVBoxLayout(empty);
  empty_layout->setContentsMargins(12, 4, 12, 12);
  auto* title = new QLabel(tr("No runs yet"), empty);
  title->setProperty("role", "title");
  auto* text =
      new QLabel(tr("Run makes the first one. Every run keeps its settings, seed, frames and "
                    "checkpoints."),
                 empty);
  text->setProperty("role", "second");
  text->setWordWrap(true);
  auto* open = new QPushButton(tr("Open a run…"), empty);
  open->setProperty("role", "link");
  open->setFocusPolicy(Qt::TabFocus);
  connect(open, &QPushButton::clicked, this, &RunsPanel::openRequested);
  empty_layout->addWidget(title);
  empty_layout->addWidget(text);
  empty_layout->addWidget(open, 0, Qt::AlignLeft);
  empty_layout->addStretch(1);

  m_pages = new QStackedWidget(this);
  m_pages->addWidget(empty);
  m_pages->addWidget(filled);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_pages);
}

void RunsPanel::setRows(const std::vector<RunRow>& rows) {
  const quint64 kept = selected();
  m_is_selecting = true;
  m_model->setRows(rows);
  m_is_selecting = false;
  m_pages->setCurrentIndex(rows.empty() ? 0 : 1);
  if (selected() != kept)
    select(kept);
}

void RunsPanel::select(quint64 id) {
  if (selected() == id)
    return;
  m_is_selecting = true;
  const int row = m_model->rowOf(id);
  if (row < 0) {
    m_list->clearSelection();
    m_list->setCurrentIndex({});
  } else {
    m_list->setCurrentIndex(m_model->index(row));
  }
  m_is_selecting = false;
}

quint64 RunsPanel::selected() const {
  const QModelIndex current = m_list->currentIndex();
  return current.isValid() ? current.data(RunsModel::RowRole).value<RunRow>().id : 0;
}

void RunsPanel::setTheme(const Theme& theme) {
  static_cast<RunDelegate*>(m_list->itemDelegate())->setTheme(theme);
  m_list->viewport()->update();
}

void RunsPanel::setCompact(bool compact) {
  static_cast<RunDelegate*>(m_list->itemDelegate())->setCompact(compact);
  m_list->doItemsLayout();
}

void RunsPanel::startRename() {
  if (m_list->currentIndex().isValid()) {
    m_list->setFocus(Qt::ShortcutFocusReason);
    m_list->edit(m_list->currentIndex());
  }
}

QMenu* RunsPanel::menuOf(quint64 id) {
  const int at = m_model->rowOf(id);
  if (at < 0)
    return nullptr;
  const RunRow row = m_model->rows()[static_cast<std::size_t>(at)];
  auto* menu = new QMenu(this);
  const auto add = [&](const QString& text, void (RunsPanel::*wanted)(quint64)) {
    connect(menu->addAction(text), &QAction::triggered, this,
            [this, id, wanted] { emit(this->*wanted)(id); });
  };
  if (row.can_continue) {
    add(row.state == core::RunState::Finished ? tr("Continue with more steps…") : tr("Continue"),
        &RunsPanel::continueRequested);
  }
  if (row.can_fork)
    add(tr("Fork from cursor"), &RunsPanel::forkRequested);
  add(tr("Copy settings to draft"), &RunsPanel::copySettingsRequested);
  menu->addSeparator();
  connect(menu->addAction(tr("Rename")), &QAction::triggered, this, [this, id] {
    m_list->setCurrentIndex(m_model->index(m_model->rowOf(id)));
    startRename();
  });
  add(tr("Open folder"), &RunsPanel::openFolderRequested);
  if (!(row.is_ours && row.state == core::RunState::Training))
    add(tr("Remove from list"), &RunsPanel::removeRequested);
  return menu;
}

void RunsPanel::showMenu(const QPoint& point) {
  const QModelIndex index = m_list->indexAt(point);
  if (!index.isValid())
    return;
  QMenu* menu = menuOf(index.data(RunsModel::RowRole).value<RunRow>().id);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->popup(m_list->viewport()->mapToGlobal(point));
}

}  // namespace anchorlens::widgets
