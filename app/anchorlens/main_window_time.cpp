// SPDX-License-Identifier: GPL-3.0-or-later
// Time beyond moving the cursor: loops, jumps to what happened, bookmarks.
#include "app/anchorlens/bookmark_keeper.h"
#include "app/anchorlens/main_window.h"
#include "widgets/number_format.h"
#include "widgets/timeline.h"

#include <QMenu>
#include <QStatusBar>

namespace anchorlens::app {

namespace {

struct Jump {
  const char* id;
  const char* name;
  const char* key;
  widgets::TimeMark::Kind kind;
};

constexpr std::array kJumps{
    Jump{"emergence", QT_TRANSLATE_NOOP("MainWindow", "emergence"), "E",
         widgets::TimeMark::Kind::Emergence},
    Jump{"spike", QT_TRANSLATE_NOOP("MainWindow", "loss spike"), "S",
         widgets::TimeMark::Kind::Spike},
    Jump{"intervention", QT_TRANSLATE_NOOP("MainWindow", "intervention"), "I",
         widgets::TimeMark::Kind::Intervention},
    Jump{"bookmark", QT_TRANSLATE_NOOP("MainWindow", "bookmark"), "B",
         widgets::TimeMark::Kind::Bookmark},
};

const QStringList kLoopIds{"loop-from", "loop-to", "loop-clear"};
const QStringList kBookmarkIds{"bookmark", "bookmark-remove"};

}  // namespace

void MainWindow::buildMarkActions() {
  ActionMap& a = *m_actions;
  widgets::Timeline* t = m_timeline;
  a.add(QStringLiteral("loop-from"), tr("Loop &from cursor"), {QStringLiteral("Alt+Home")},
        [t] { t->loopFromCursor(); });
  a.add(QStringLiteral("loop-to"), tr("Loop &to cursor"), {QStringLiteral("Alt+End")},
        [t] { t->loopToCursor(); });
  a.add(QStringLiteral("loop-clear"), tr("Remove &loop"), {QStringLiteral("Alt+Backspace")},
        [t] { t->clearLoop(); });
  a.add(QStringLiteral("bookmark"), tr("&Bookmark at cursor…"), {QStringLiteral("M")},
        [t] { t->editBookmark(); });
  a.add(QStringLiteral("bookmark-remove"), tr("Remove bookmark"), {QStringLiteral("Shift+M")},
        [t] { t->removeBookmark(); });
  for (const Jump& jump : kJumps) {
    const QString id = QString::fromLatin1(jump.id);
    const QString key = QString::fromLatin1(jump.key);
    const QString name = tr(jump.name);
    const auto kind = jump.kind;
    a.add(id + QStringLiteral("-next"), tr("Next %1").arg(name), {key},
          [t, kind] { t->stepAmong(kind, 1); });
    a.add(id + QStringLiteral("-back"), tr("Previous %1").arg(name),
          {QStringLiteral("Shift+") + key}, [t, kind] { t->stepAmong(kind, -1); });
  }
  QAction* ease = a.add(QStringLiteral("ease-replay"), tr("&Ease the replay"), {}, [this] {
    m_parts.settings.reduced_motion = !m_parts.settings.reduced_motion;
    applyMotion();
    if (!writeSettings(m_parts.settings_file, m_parts.settings))
      statusBar()->showMessage(tr("%1 cannot be written.").arg(m_parts.settings_file));
  });
  ease->setCheckable(true);
  applyMotion();
}

/// Motion that tells nothing is left out where the person wants none.
void MainWindow::applyMotion() {
  const bool is_eased = !m_parts.settings.reduced_motion;
  m_timeline->setReplayEased(is_eased);
  (*m_actions)[QStringLiteral("ease-replay")]->setChecked(is_eased);
}

void MainWindow::addMarkMenus(QMenu* time) {
  const auto add = [this](QMenu* menu, const QStringList& ids) {
    for (const QString& id : ids)
      menu->addAction((*m_actions)[id]);
  };
  time->addSeparator();
  add(time, {"ease-replay"});
  add(time, kLoopIds);
  time->addSeparator();
  add(time, kBookmarkIds);
  QMenu* bookmarks = time->addMenu(tr("Boo&kmarks"));
  connect(bookmarks, &QMenu::aboutToShow, this, [this, bookmarks] { fillBookmarks(bookmarks); });
  QMenu* jumps = time->addMenu(tr("&Jump to"));
  for (const Jump& jump : kJumps) {
    const QString id = QString::fromLatin1(jump.id);
    add(jumps, {id + QStringLiteral("-next"), id + QStringLiteral("-back")});
  }
}

void MainWindow::fillBookmarks(QMenu* menu) {
  menu->clear();
  const RunRecord* run = m_controller.shownRun();
  if (run == nullptr || run->bookmarks().empty()) {
    menu->addAction(tr("No bookmarks"))->setEnabled(false);
    return;
  }
  for (const core::Bookmark& bookmark : run->bookmarks()) {
    const QString step = widgets::formatInteger(bookmark.step);
    QString note = QString::fromStdString(bookmark.note);
    note.replace(QLatin1Char('&'), QStringLiteral("&&"));
    QAction* action = menu->addAction(note.isEmpty() ? step : tr("%1  %2").arg(step, note));
    connect(action, &QAction::triggered, this,
            [this, at = bookmark.step] { m_controller.moveCursor(at); });
  }
}

void MainWindow::wireTime() {
  m_bookmarks = new BookmarkKeeper(m_controller.runs(), this);
  const auto tell = [this](const QString& text) { statusBar()->showMessage(text); };
  connect(m_bookmarks, &BookmarkKeeper::told, this, tell);
  connect(&m_controller.library(), &RunLibrary::told, this, tell);
  connect(m_timeline, &widgets::Timeline::told, this, tell);
  connect(m_bookmarks, &BookmarkKeeper::changed, this, [this](RunId run_id) {
    const RunRecord* run = m_controller.shownRun();
    if (run != nullptr && run->id() == run_id)
      m_timeline->setBookmarks(run->bookmarks());
    markSession();
  });
  connect(m_timeline, &widgets::Timeline::bookmarkEdited, this,
          [this](std::int64_t step, const QString& note) {
            if (const RunRecord* run = m_controller.shownRun())
              m_bookmarks->change(run->id(), {step, false, note.toStdString()});
          });
  connect(m_timeline, &widgets::Timeline::bookmarkRemoved, this, [this](std::int64_t step) {
    if (const RunRecord* run = m_controller.shownRun())
      m_bookmarks->change(run->id(), {step, true, {}});
  });
  connect(m_timeline, &widgets::Timeline::menuRequested, this, [this](const QPoint& global) {
    QMenu menu(this);
    for (const QString& id : kBookmarkIds + kLoopIds)
      menu.addAction((*m_actions)[id]);
    menu.exec(global);
  });
}

}  // namespace anchorlens::app
