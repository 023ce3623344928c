// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_runs.h"

#include "widgets/number_format.h"
#include "widgets/panel_runs_delegate.h"
#include "widgets/panel_runs_filter.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QMouseEvent>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <memory>

namespace anchorlens::widgets {

void RunsPanel::buildList() {
  m_model = new RunsModel(this);
  m_list = new QListView(this);
  m_list->setProperty("role", "plain");
  m_list->setModel(m_model);
  m_list->setItemDelegate(new RunDelegate(m_list));
  m_list->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked);
  m_list->setContextMenuPolicy(Qt::CustomContextMenu);
  m_list->setDragEnabled(true);
  m_list->setDragDropMode(QAbstractItemView::DragOnly);
  m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_list->setUniformItemSizes(true);  // else each of a thousand is asked for its own
  m_list->setAccessibleName(tr("Runs"));
  connect(m_list, &QListView::customContextMenuRequested, this, &RunsPanel::showMenu);
  connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
          [this](const QModelIndex& current) {
            if (m_is_selecting || !current.isValid())
              return;
            const auto row = current.data(RunsModel::RowRole).value<RunRow>();
            m_current = row.id;
            choose(row);
          });
  connect(m_model, &RunsModel::renamed, this, &RunsPanel::renamed);
  connect(m_model, &RunsModel::ticked, this, &RunsPanel::tickToggled);
  m_list->installEventFilter(this);
  m_list->viewport()->installEventFilter(this);
}

RunsPanel::RunsPanel(QWidget* parent) : QWidget(parent) {
  buildList();
  m_pages = new QStackedWidget(this);
  m_pages->addWidget(buildEmpty());
  m_pages->addWidget(buildFilled());
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_pages);
}

QWidget* RunsPanel::buildFilled() {
  auto* filled = new QWidget(this);
  m_bar = new RunFilterBar(filled);
  m_bar->hide();
  connect(m_bar, &RunFilterBar::changed, this, [this] {
    emit choicesChanged();
    arrange();
  });
  connect(m_bar, &RunFilterBar::left, m_list, [this] { m_list->setFocus(Qt::TabFocusReason); });
  auto* header = new QHBoxLayout;
  header->setContentsMargins(30, 2, RunDelegate::kTickWidth, 4);
  m_count = new QLabel(tr("run"), filled);
  auto* accuracy = new QLabel(tr("test accuracy"), filled);
  for (QLabel* caption : {m_count, accuracy})
    caption->setProperty("role", "caption");
  header->addWidget(m_count);
  header->addStretch(1);
  header->addWidget(accuracy);
  auto* layout = new QVBoxLayout(filled);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(m_bar);
  layout->addLayout(header);
  layout->addWidget(m_list, 1);
  return filled;
}

QWidget* RunsPanel::buildEmpty() {
  auto* empty = new QWidget(this);
  auto* layout = new QVBoxLayout(empty);
  layout->setContentsMargins(12, 4, 12, 12);
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
  layout->addWidget(title);
  layout->addWidget(text);
  layout->addWidget(open, 0, Qt::AlignLeft);
  layout->addStretch(1);
  return empty;
}

void RunsPanel::setRows(const std::vector<RunRow>& rows) {
  m_rows = rows;
  m_pages->setCurrentIndex(rows.empty() ? 0 : 1);
  arrange();
}

void RunsPanel::arrange() {
  const ArrangedRuns arranged = arrangeRuns(m_rows, m_bar->choices());
  const bool is_in_use = !(m_bar->choices() == RunChoices());
  m_bar->setVisible(arranged.all >= kFilterFrom || is_in_use);
  m_is_selecting = true;
  m_model->setRows(arranged.rows);
  m_is_selecting = false;
  showCurrent();
  showCounts(arranged);
}

void RunsPanel::showCounts(const ArrangedRuns& arranged) {
  const bool is_filtering = m_bar->choices().isFiltering();
  const QString count =
      tr("%1 of %2 runs").arg(formatInteger(arranged.found), formatInteger(arranged.all));
  m_count->setText(is_filtering ? count : tr("run"));
  m_bar->setCount(is_filtering ? count : QString());
  QStringList notes;
  if (is_filtering && arranged.rows.empty())
    notes.append(tr("No run has all of these words in its name, difference, status or study."));
  const auto hidden = std::find_if(m_rows.begin(), m_rows.end(), [&arranged](const RunRow& row) {
    return row.id == arranged.hidden_training && arranged.hidden_training != 0;
  });
  if (hidden != m_rows.end()) {
    notes.append(tr("%1 is training; the filter of Runs hides it.").arg(hidden->name));
    if (arranged.hidden_training != m_hidden_training)
      emit told(notes.last());
  }
  m_hidden_training = arranged.hidden_training;
  m_bar->setNote(notes.join(QLatin1Char(' ')));
}

RunChoices RunsPanel::choices() const {
  return m_bar->choices();
}

void RunsPanel::setChoices(const RunChoices& choices) {
  m_bar->setChoices(choices);
  arrange();
}

void RunsPanel::choose(const RunRow& row) {
  if (row.kind == RunRow::Kind::Study || row.kind == RunRow::Kind::Setting)
    emit studySelected(row.id);
  else if (row.canFold())
    return;
  else if (row.is_open)
    emit runSelected(row.id);
  else if (!row.folder.isEmpty())
    emit memberSelected(row.folder);
}

std::optional<RunRow> RunsPanel::currentRow() const {
  const QModelIndex current = m_list->currentIndex();
  if (!current.isValid())
    return std::nullopt;
  return current.data(RunsModel::RowRole).value<RunRow>();
}

void RunsPanel::select(quint64 id) {
  const auto current = currentRow();
  const bool is_on_study = current && current->canFold();
  // Whoever stands on a study stays there until another run is shown.
  if (!is_on_study || id != m_shown)
    makeCurrent(id);
  m_shown = id;
}

void RunsPanel::makeCurrent(quint64 id) {
  m_current = id;
  showCurrent();
}

void RunsPanel::showCurrent() {
  const QModelIndex current = m_list->currentIndex();
  if (current.isValid() && selected() == m_current)
    return;
  m_is_selecting = true;
  const int row = m_model->rowOf(m_current);
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
  if (row.canFold())
    return studyMenu(row);
  auto* menu = new QMenu(this);
  const auto add = [&](const QString& text, void (RunsPanel::*wanted)(quint64)) {
    connect(menu->addAction(text), &QAction::triggered, this,
            [this, id, wanted] { emit(this->*wanted)(id); });
  };
  if (row.can_tick)
    add(row.is_ticked ? tr("Take the tick for Compare away") : tr("Tick for Compare"),
        &RunsPanel::tickToggled);
  if (!row.is_open) {
    add(tr("Open folder"), &RunsPanel::openFolderRequested);
    return menu;
  }
  if (row.can_continue) {
    add(row.state == core::RunState::Finished ? tr("Continue with more steps…") : tr("Continue"),
        &RunsPanel::continueRequested);
  } else if (!row.continue_problem.isEmpty()) {
    menu->setToolTipsVisible(true);
    QAction* action = menu->addAction(tr("Continue"));
    action->setEnabled(false);
    action->setToolTip(row.continue_problem);
  }
  if (row.can_fork)
    add(tr("Fork from cursor"), &RunsPanel::forkRequested);
  add(tr("Copy settings to draft"), &RunsPanel::copySettingsRequested);
  add(tr("Repeat with seeds…"), &RunsPanel::repeatRequested);
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

QMenu* RunsPanel::studyMenu(const RunRow& row) {
  auto* menu = new QMenu(this);
  const quint64 id = row.id;
  QAction* fold = menu->addAction(row.is_folded ? tr("Show its runs") : tr("Hide its runs"));
  connect(fold, &QAction::triggered, this, [this, id] { emit foldToggled(id); });
  if (row.is_held_open) {
    fold->setEnabled(false);
    fold->setToolTip(tr("While there is a filter, what it finds is unfolded."));
    menu->setToolTipsVisible(true);
  }
  if (row.kind != RunRow::Kind::Study)
    return menu;
  connect(menu->addAction(tr("Open folder")), &QAction::triggered, this,
          [this, id] { emit openFolderRequested(id); });
  connect(menu->addAction(tr("Remove from list")), &QAction::triggered, this,
          [this, id] { emit removeRequested(id); });
  return menu;
}

bool RunsPanel::eventFilter(QObject* watched, QEvent* event) {
  const auto toggle = [this](const std::optional<RunRow>& row, auto&& wants) {
    const bool is_wanted = row && row->hasArrow() && wants(row->is_folded);
    if (is_wanted)
      emit foldToggled(row->id);
    return is_wanted;
  };
  if (watched == m_list && event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    return toggle(currentRow(), [key](bool is_folded) {
      return key == Qt::Key_Return || key == Qt::Key_Enter ||
             key == (is_folded ? Qt::Key_Right : Qt::Key_Left);
    });
  }
  const bool is_press = event->type() == QEvent::MouseButtonPress;
  const bool is_click = event->type() == QEvent::MouseButtonRelease;
  const bool is_double = event->type() == QEvent::MouseButtonDblClick;
  if (watched == m_list->viewport() && (is_press || is_click || is_double)) {
    const QPoint place = static_cast<QMouseEvent*>(event)->position().toPoint();
    const QModelIndex index = m_list->indexAt(place);
    if (!index.isValid())
      return false;
    const auto row = index.data(RunsModel::RowRole).value<RunRow>();
    if (row.can_tick && place.x() >= m_list->viewport()->width() - RunDelegate::kTickWidth) {
      // The views keep their run.
      if (is_click && static_cast<QMouseEvent*>(event)->button() == Qt::LeftButton)
        emit tickToggled(row.id);
      return true;
    }
    if (is_press) {
      m_before_press = m_shown;
      return false;
    }
    const bool is_on_arrow = place.x() < RunDelegate::arrowEnd(row);
    if (is_on_arrow == is_click)
      toggle(row, [](bool) { return true; });
  }
  return QWidget::eventFilter(watched, event);
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
