// SPDX-License-Identifier: GPL-3.0-or-later
// Actions, shortcuts and menus.
#include "app/anchorlens/action_finder.h"
#include "app/anchorlens/focus_place.h"
#include "app/anchorlens/help_text.h"
#include "app/anchorlens/main_toolbar.h"
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/places.h"
#include "app/anchorlens/preferences_dialog.h"
#include "widgets/attention_view.h"
#include "widgets/compare/compare_view.h"
#include "widgets/composer/composer_view.h"
#include "widgets/flow/flow_view.h"
#include "widgets/panel_experiment.h"
#include "widgets/panel_runs.h"
#include "widgets/predictions/predictions_view.h"
#include "widgets/study_view.h"
#include "widgets/taxonomy/taxonomy_view.h"
#include "widgets/timeline.h"
#include "widgets/weights/weights_view.h"

#include <QDockWidget>
#include <QFileInfo>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QStatusBar>
#include <QTabBar>
#include <QTabWidget>

#include <algorithm>
#include <utility>

namespace anchorlens::app {

namespace {
QString key(const char* text) {
  return QString::fromLatin1(text);
}
}  // namespace

void MainWindow::buildActions() {
  buildFileActions();
  buildTransferActions();
  buildRunActions();
  buildTimeActions();
  buildViewActions();
  buildCausalActions();
  buildInterventionActions();
  buildCompareActions();
}

void MainWindow::buildFileActions() {
  ActionMap& a = *m_actions;
  a.add(QStringLiteral("new"), tr("&New draft"), {key("Ctrl+N")}, [this] { newDraft(); });
  a.add(QStringLiteral("open"), tr("&Open experiment…"), {key("Ctrl+O")}, [this] {
    const QString file = m_parts.dialogs.openExperiment(this);
    if (!file.isEmpty())
      openPath(file);
  });
  a.add(QStringLiteral("open-run"), tr("Open &run…"), {key("Ctrl+Shift+O")}, [this] {
    const QString folder = m_parts.dialogs.openRun(this);
    if (!folder.isEmpty())
      openPath(folder);
  });
  a.add(QStringLiteral("gallery"), tr("Presets and e&xamples…"), {}, [this] { showGallery(); });
  a.add(QStringLiteral("compare-draft"), tr("&Compare draft with…"), {},
        [this] { showDifferences(); });
  a.add(QStringLiteral("save"), tr("&Save draft"), {key("Ctrl+S")}, [this] { saveDraft(false); });
  a.add(QStringLiteral("save-as"), tr("Save draft &as…"), {key("Ctrl+Shift+S")},
        [this] { saveDraft(true); });
  a.add(QStringLiteral("export"), tr("&Export…"), {key("Ctrl+E")}, [this] { showExport(); });
  a.add(QStringLiteral("export-task"), tr("Export &task…"), {}, [this] { showTaskExport(); });
  a.add(QStringLiteral("quit"), tr("&Quit"), {key("Ctrl+Q")}, [this] { close(); });

  QUndoStack& undo = m_controller.undoStack();
  // What changed must be seen: a step of the draft brings the draft back.
  const auto walk = [this, &undo](void (QUndoStack::*step)()) {
    const core::ExperimentSpec before = m_controller.draft().spec();
    (undo.*step)();
    if (!(before == m_controller.draft().spec()))
      m_controller.showDraft();
  };
  QAction* undo_action = a.add(QStringLiteral("undo"), tr("&Undo"), {key("Ctrl+Z")},
                               [walk] { walk(&QUndoStack::undo); });
  QAction* redo_action = a.add(QStringLiteral("redo"), tr("&Redo"), {key("Ctrl+Shift+Z")},
                               [walk] { walk(&QUndoStack::redo); });
  const auto show = [&undo, undo_action, redo_action] {
    undo_action->setEnabled(undo.canUndo());
    redo_action->setEnabled(undo.canRedo());
    undo_action->setText(undo.canUndo() ? tr("&Undo %1").arg(undo.undoText()) : tr("&Undo"));
    redo_action->setText(undo.canRedo() ? tr("&Redo %1").arg(undo.redoText()) : tr("&Redo"));
  };
  connect(&undo, &QUndoStack::indexChanged, this, show);
  show();
  a.add(QStringLiteral("copy"), tr("&Copy picture"), {key("Ctrl+C")}, [this] { copyPicture(); });
  a.add(QStringLiteral("copy-numbers"), tr("Copy &numbers"), {key("Ctrl+Shift+C")},
        [this] { copyNumbers(); });
  a.add(QStringLiteral("paste"), tr("&Paste task"), {key("Ctrl+V")}, [this] { pasteTask(); });
  a.add(QStringLiteral("preferences"), tr("&Preferences…"), {key("Ctrl+,")},
        [this] { showPreferences(); });
}

void MainWindow::buildRunActions() {
  ActionMap& a = *m_actions;
  a.add(QStringLiteral("run"), tr("&Run / Pause"), {key("Space"), key("F5")}, [this] {
    if (m_controller.runAction() == RunAction::ContinueMore)
      askMoreSteps(m_controller.shownRun()->id());
    else
      m_controller.run();
  });
  a.add(QStringLiteral("step"), tr("One training &step"), {key("F10")},
        [this] { m_controller.step(); });
  a.add(QStringLiteral("stop"), tr("S&top"), {key("Shift+F5")}, [this] { m_controller.stop(); });
  a.add(QStringLiteral("slower-pace"), tr("Slower pace"), {key("Shift+["), key("{")},
        [this] { m_toolbar->changePace(-1); });
  a.add(QStringLiteral("faster-pace"), tr("Faster pace"), {key("Shift+]"), key("}")},
        [this] { m_toolbar->changePace(1); });
  a.add(QStringLiteral("fork"), tr("&Fork from cursor"), {key("Ctrl+Shift+N")}, [this] {
    if (const RunRecord* run = m_controller.shownRun())
      forkFromCursor(run->id());
  });
  a.add(QStringLiteral("rename"), tr("Re&name run"), {key("F2")},
        [this] { m_runs->startRename(); });
  a.add(QStringLiteral("copy-settings"), tr("Copy settings to draft"), {},
        [this] { m_controller.copySettings(m_controller.shownRun()->id()); });
  a.add(QStringLiteral("open-folder"), tr("Open folder of the run"), {},
        [this] { m_parts.dialogs.openFolder(toText(m_controller.shownRun()->directory())); });
  a.add(QStringLiteral("remove-run"), tr("Remove from list of runs"), {},
        [this] { m_controller.removeRun(m_controller.shownRun()->id()); });
  a.add(QStringLiteral("samples"), tr("New sa&mples"), {key("R")},
        [this] { m_controller.draftChecks().drawNewSamples(); });
  buildStudyActions();
}

void MainWindow::buildTimeActions() {
  ActionMap& a = *m_actions;
  widgets::Timeline* t = m_timeline;
  a.add(QStringLiteral("follow"), tr("&Follow live"), {key("F")},
        [this] { m_controller.setFollowing(!m_controller.cursor().isFollowing()); });
  a.add(QStringLiteral("frame-back"), tr("Previous frame"), {key("Left"), key(",")},
        [t] { t->stepFrames(-1); });
  a.add(QStringLiteral("frame-on"), tr("Next frame"), {key("Right"), key(".")},
        [t] { t->stepFrames(1); });
  a.add(QStringLiteral("frames-back"), tr("10 frames back"), {key("Shift+Left")},
        [t] { t->stepFrames(-10); });
  a.add(QStringLiteral("frames-on"), tr("10 frames on"), {key("Shift+Right")},
        [t] { t->stepFrames(10); });
  a.add(QStringLiteral("checkpoint-back"), tr("Previous checkpoint"), {key("Ctrl+Left")},
        [t] { t->stepCheckpoints(-1); });
  a.add(QStringLiteral("checkpoint-on"), tr("Next checkpoint"), {key("Ctrl+Right")},
        [t] { t->stepCheckpoints(1); });
  a.add(QStringLiteral("marker-back"), tr("Previous marker"), {key("Alt+Left")},
        [t] { t->stepMarkers(-1); });
  a.add(QStringLiteral("marker-on"), tr("Next marker"), {key("Alt+Right")},
        [t] { t->stepMarkers(1); });
  a.add(QStringLiteral("fold-strips"), tr("Heads without a &pattern"), {},
        [t] { t->toggleFolded(); });
  a.add(QStringLiteral("first"), tr("First frame"), {key("Home")}, [t] { t->goFirst(); });
  a.add(QStringLiteral("newest"), tr("Newest frame"), {key("End")}, [t] { t->goNewest(); });
  a.add(QStringLiteral("replay"), tr("Re&play"), {key("P")}, [t] { t->play(); });
  a.add(QStringLiteral("replay-slower"), tr("Replay slower"), {key("[")},
        [t] { t->changeReplayRate(-1); });
  a.add(QStringLiteral("replay-faster"), tr("Replay faster"), {key("]")},
        [t] { t->changeReplayRate(1); });
  a.add(QStringLiteral("zoom-in"), tr("Zoom time in"), {key("Ctrl++"), key("Ctrl+=")},
        [t] { t->zoom(2); });
  a.add(QStringLiteral("zoom-out"), tr("Zoom time out"), {key("Ctrl+-")}, [t] { t->zoom(0.5); });
  a.add(QStringLiteral("zoom-fit"), tr("Fit all time"), {key("Ctrl+0")}, [t] { t->fitAll(); });
  buildMarkActions();
}

void MainWindow::buildViewActions() {
  ActionMap& a = *m_actions;
  widgets::AttentionView* view = m_attention;
  a.add(QStringLiteral("tab-composer"), tr("&Composer"), {key("Ctrl+1")},
        [this] { showComposer(); });
  a.add(QStringLiteral("tab-attention"), tr("&Attention"), {key("Ctrl+2")}, [this, view] {
    m_tabs->setCurrentWidget(view);
    view->grid()->setFocus(Qt::ShortcutFocusReason);
  });
  a.add(QStringLiteral("tab-weights"), tr("&Weights"), {key("Ctrl+4")}, [this] {
    m_tabs->setCurrentWidget(m_weights);
    m_weights->setFocus(Qt::ShortcutFocusReason);
  });
  a.add(QStringLiteral("tab-flow"), tr("&Flow"), {key("Ctrl+3")}, [this] {
    m_tabs->setCurrentWidget(m_flow);
    m_flow->canvas()->setFocus(Qt::ShortcutFocusReason);
  });
  a.add(QStringLiteral("cut-edge"), tr("&Knock out edge"), {key("K")}, [this] {
     cutSelectedEdge();
   })->setEnabled(false);
  a.add(QStringLiteral("tab-predictions"), tr("P&redictions"), {key("Ctrl+5")}, [this] {
    m_tabs->setCurrentWidget(m_predictions);
    m_predictions->list()->setFocus(Qt::ShortcutFocusReason);
  });
  a.add(QStringLiteral("tab-heads"), tr("H&eads"), {key("Ctrl+6")}, [this] {
    m_tabs->setCurrentWidget(m_taxonomy);
    m_taxonomy->chart()->setFocus(Qt::ShortcutFocusReason);
  });
  a.add(QStringLiteral("tab-study"), tr("&Study"), {key("Ctrl+7")}, [this] {
     m_tabs->setCurrentWidget(m_study);
     m_study->focusPage();
   })->setEnabled(false);
  a.add(QStringLiteral("head-next"), tr("Next &head"), {key("H")}, [view] { view->nextHead(1); });
  a.add(QStringLiteral("head-back"), tr("Previous head"), {key("Shift+H")},
        [view] { view->nextHead(-1); });
  a.add(QStringLiteral("sequence-next"), tr("&Next probe sequence"), {key("N")},
        [view] { view->nextSequence(1); });
  a.add(QStringLiteral("sequence-back"), tr("Previous probe sequence"), {key("Shift+N")},
        [view] { view->nextSequence(-1); });
  a.add(QStringLiteral("values"), tr("&Values"), {key("V")},
        [view] { view->setValues(!view->options().values); });
  a.add(QStringLiteral("outlines"), tr("&Outlines"), {key("O")},
        [view] { view->setOutlines(!view->options().outlines); });
  a.add(QStringLiteral("lines"), tr("&Lines"), {key("L")}, [view] {
    const bool is_map = view->options().mode == widgets::HeadView::Mode::Map;
    view->setMode(is_map ? widgets::HeadView::Mode::Lines : widgets::HeadView::Mode::Map);
  });
  a.add(QStringLiteral("table"), tr("Numbers of this view as a &table"), {key("T")},
        [this] { showNumbers(); });
  a.add(QStringLiteral("full-screen"), tr("Full screen centre"), {key("F11")},
        [this] { toggleCentreFullScreen(); });
  a.add(QStringLiteral("region-next"), tr("Next region"), {key("F6")}, [this] { moveRegion(1); });
  a.add(QStringLiteral("region-back"), tr("Previous region"), {key("Shift+F6")},
        [this] { moveRegion(-1); });
  a.add(QStringLiteral("find-action"), tr("Find an action…"), {key("Ctrl+Shift+P")},
        [this] { findAction(); });
  a.add(QStringLiteral("help"), tr("&Help for this view"), {key("F1")}, [this] { showHelp(); });
  a.add(QStringLiteral("tour"), tr("&Tour"), {}, [this] { startTour(); });
  a.add(QStringLiteral("about"), tr("&About Anchorlens"), {}, [this] { showAbout(); });
  const QStringList names{"show-experiment", "show-timeline", "show-runs", "show-inspector"};
  for (int dock = 0; dock < kDocks; ++dock) {
    QDockWidget* widget = m_docks[static_cast<std::size_t>(dock)];
    QAction* action =
        a.add(names[dock], widget->windowTitle(), {QStringLiteral("Ctrl+Shift+%1").arg(dock + 1)},
              [widget] { widget->setVisible(!widget->isVisible()); });
    action->setCheckable(true);
    connect(widget, &QDockWidget::visibilityChanged, action,
            [action, widget] { action->setChecked(!widget->isHidden()); });
  }
}

void MainWindow::buildMenus() {
  const auto fill = [this](const QString& title, const QStringList& ids) {
    QMenu* menu = menuBar()->addMenu(title);
    for (const QString& id : ids) {
      if (id.isEmpty())
        menu->addSeparator();
      else
        menu->addAction((*m_actions)[id]);
    }
    return menu;
  };
  QMenu* file = fill(tr("&File"), {"new", "gallery", "open", "open-run", "import", "", "save",
                                   "save-as", "", "export", "export-task"});
  m_recent_menu = new QMenu(tr("Open re&cent"), file);
  file->insertMenu((*m_actions)[QStringLiteral("save")], m_recent_menu);
  QMenu* weights = file->addMenu(tr("Export &weights"));
  for (const char* id : {"weights-native", "weights-pytorch", "weights-lens"})
    weights->addAction((*m_actions)[QString::fromLatin1(id)]);
  file->addSeparator();
  file->addAction((*m_actions)[QStringLiteral("quit")]);
  fill(tr("&Edit"), {"undo", "redo", "", "copy", "copy-numbers", "paste", "", "compare-draft", "",
                     "preferences"});
  fill(tr("&View"), {"tab-composer",
                     "tab-attention",
                     "tab-flow",
                     "tab-weights",
                     "tab-predictions",
                     "tab-heads",
                     "tab-study",
                     "",
                     "compare",
                     "tick",
                     "",
                     "values",
                     "outlines",
                     "lines",
                     "",
                     "head-next",
                     "head-back",
                     "sequence-next",
                     "sequence-back",
                     "",
                     "zoom-in",
                     "zoom-out",
                     "zoom-fit",
                     "fold-strips",
                     "",
                     "full-screen"});
  QMenu* run = fill(tr("&Run"), {"run", "step", "stop", "", "slower-pace", "faster-pace", "",
                                 "fork", "repeat-seeds", "vary", "rename", "samples"});
  addColourMenu(run);
  run->addSeparator();
  QMenu* now = run->addMenu(tr("From n&ow on"));
  for (const char* id : {"now-ablate", "now-freeze", "now-clamp", "now-release", "now-mlp",
                         "now-attention", "now-halve", "now-numbers"})
    now->addAction((*m_actions)[QString::fromLatin1(id)]);
  QMenu* time = run->addMenu(tr("T&ime"));
  for (const char* id : {"follow", "replay", "replay-slower", "replay-faster", "frame-back",
                         "frame-on", "frames-back", "frames-on", "checkpoint-back", "checkpoint-on",
                         "marker-back", "marker-on", "first", "newest"})
    time->addAction((*m_actions)[QString::fromLatin1(id)]);
  addMarkMenus(time);
  fill(tr("&Inspect"),
       {"ablate", "test-head", "test-all-heads", "causal-test", "", "cut-edge", "", "table"});
  fill(tr("&Window"), {"show-experiment", "show-timeline", "show-runs", "show-inspector", "",
                       "region-next", "region-back"});
  fill(tr("&Help"), {"help", "find-action", "tour", "about"});
  fillRecent();
}

void MainWindow::fillRecent() {
  if (m_recent_menu == nullptr)
    return;
  m_recent_menu->clear();
  m_recent_menu->setEnabled(!m_recent.isEmpty());
  for (const QString& path : m_recent) {
    QAction* action = m_recent_menu->addAction(QFileInfo(path).fileName());
    action->setToolTip(path);
    connect(action, &QAction::triggered, this, [this, path] { openPath(path); });
  }
}

void MainWindow::toggleCentreFullScreen() {
  if (m_before_full_screen) {
    const QByteArray geometry = m_before_full_screen->geometry;
    m_before_full_screen.reset();
    if (isFullScreen()) {  // else the window manager has ended it, and placed the window
      showNormal();
      restoreGeometry(geometry);  // it may have been maximised
    }
    for (QWidget* widget : std::exchange(m_hidden_for_full_screen, {}))
      widget->show();
    menuBar()->show();
    return;
  }
  m_before_full_screen =
      Layout{saveGeometry(), m_is_comparing ? m_docks_before_compare : saveState()};
  std::vector<QWidget*> parts{m_toolbar, statusBar()};
  parts.insert(parts.end(), m_docks.begin(), m_docks.end());
  for (QWidget* widget : parts) {
    if (widget->isVisible()) {
      m_hidden_for_full_screen.push_back(widget);
      widget->hide();
    }
  }
  menuBar()->hide();
  // It stays maximised behind: else a window manager tells of a moment when it is neither.
  setWindowState(windowState() | Qt::WindowFullScreen);
}

/// With what full screen hides for a while.
QByteArray MainWindow::dockState() const {
  return m_before_full_screen ? m_before_full_screen->docks : saveState();
}

void MainWindow::findAction() {
  auto* finder = new ActionFinder(*m_actions, this);
  finder->open();
}

void MainWindow::showPreferences() {
  auto* dialog = new PreferencesDialog(*m_actions, m_parts.settings, m_parts.dialogs, this);
  connect(dialog, &PreferencesDialog::changed, this, [this] {
    const Settings& settings = m_parts.settings;
    m_parts.themes.setChoice(settings.theme);
    m_parts.themes.setFontScale(settings.font_scale);
    applyMotion();
    m_controller.setRunFolder(settings.run_folder.isEmpty() ? defaultRunFolder()
                                                            : settings.run_folder);
    if (!writeSettings(m_parts.settings_file, settings))
      statusBar()->showMessage(tr("%1 cannot be written.").arg(m_parts.settings_file));
  });
  dialog->open();
}

void MainWindow::showHelp() {
  auto topic = m_composer->isVisible()      ? HelpTopic::Composer
               : m_flow->isVisible()        ? HelpTopic::Flow
               : m_taxonomy->isVisible()    ? HelpTopic::Heads
               : m_study->isVisible()       ? HelpTopic::Study
               : m_predictions->isVisible() ? HelpTopic::Predictions
                                            : HelpTopic::Attention;
  if (m_weights->isVisible())
    topic = HelpTopic::Weights;
  if (m_compare_view->isVisible())
    topic = HelpTopic::Compare;
  if (hasFocusIn(m_docks[ExperimentDock]))
    topic = HelpTopic::Experiment;
  else if (hasFocusIn(m_docks[TimelineDock]))
    topic = HelpTopic::Timeline;
  else if (hasFocusIn(m_docks[RunsDock]))
    topic = HelpTopic::Runs;
  else if (hasFocusIn(m_docks[InspectorDock]))
    topic = HelpTopic::Inspector;
  showHelpDialog(topic, *m_actions, this);
}

void MainWindow::showAbout() {
  showAboutDialog(this);
}

}  // namespace anchorlens::app
