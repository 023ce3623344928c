// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/panel_runs_arrange.h"
#include "widgets/panel_runs_model.h"
#include "widgets/theme.h"

#include <QString>
#include <QWidget>

#include <optional>
#include <vector>

class QLabel;
class QListView;
class QStackedWidget;

namespace anchorlens::widgets {

class RunFilterBar;

/// The Runs dock: a list with a menu for each run, or one sentence while there are none. From
/// kFilterFrom runs on it can be filtered and sorted.
class RunsPanel : public QWidget {
  Q_OBJECT

 public:
  static constexpr int kFilterFrom = 8;

  explicit RunsPanel(QWidget* parent = nullptr);

  /// All runs, newest first, those below a folded row left out; while there is a filter, these too.
  void setRows(const std::vector<RunRow>& rows);
  RunChoices choices() const;
  /// Emits nothing.
  void setChoices(const RunChoices& choices);
  /// 0: none (the draft is shown). Emits nothing.
  void select(quint64 id);
  quint64 selected() const;
  void setTheme(const Theme& theme);
  void setCompact(bool compact);
  void startRename();
  /// Which run was shown before the last press on a row, which may have been the start of a drag.
  quint64 shownBeforePress() const { return m_before_press; }
  RunsModel* model() const { return m_model; }
  QListView* list() const { return m_list; }
  RunFilterBar* filterBar() const { return m_bar; }
  /// The entries that work for this run now: what its menu shows. Caller owns.
  class QMenu* menuOf(quint64 id);

 signals:
  void runSelected(quint64 id);
  /// A study, or one of its settings: the views keep their run.
  void studySelected(quint64 id);
  void renamed(quint64 id, const QString& name);
  void openRequested();
  void continueRequested(quint64 id);
  void forkRequested(quint64 id);
  void copySettingsRequested(quint64 id);
  void openFolderRequested(quint64 id);
  void repeatRequested(quint64 id);
  void removeRequested(quint64 id);
  /// The tick for Compare is to be set, or taken away.
  void tickToggled(quint64 id);
  /// A study or setting is to show its runs, or to hide them.
  void foldToggled(quint64 id);
  /// A study's run that is not open yet was chosen.
  void memberSelected(const QString& folder);
  /// Another filter or order: setRows() is to follow with the rows that it needs.
  void choicesChanged();
  /// One line that must not be overlooked.
  void told(const QString& text);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void buildList();
  QWidget* buildEmpty();
  QWidget* buildFilled();
  void arrange();
  void showCounts(const ArrangedRuns& arranged);
  void choose(const RunRow& row);
  void makeCurrent(quint64 id);
  void showCurrent();
  std::optional<RunRow> currentRow() const;
  class QMenu* studyMenu(const RunRow& row);
  void showMenu(const QPoint& point);

  RunsModel* m_model = nullptr;
  QListView* m_list = nullptr;
  QStackedWidget* m_pages = nullptr;
  RunFilterBar* m_bar = nullptr;
  QLabel* m_count = nullptr;  ///< "run", or how many the filter leaves
  std::vector<RunRow> m_rows;
  quint64 m_shown = 0;    ///< what select() said last
  quint64 m_current = 0;  ///< is to be the list's current one whenever it is listed
  quint64 m_hidden_training = 0;
  quint64 m_before_press = 0;
  bool m_is_selecting = false;
};

}  // namespace anchorlens::widgets
