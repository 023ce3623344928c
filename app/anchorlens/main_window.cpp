// SPDX-License-Identifier: GPL-3.0-or-later
// Layout and wiring. What is shown: main_window_refresh.cpp; actions and menus:
// main_window_actions.cpp; files and the session: main_window_files.cpp.
#include "app/anchorlens/main_window.h"

#include "app/anchorlens/dock_title.h"
#include "app/anchorlens/first_start_card.h"
#include "app/anchorlens/main_toolbar.h"
#include "app/anchorlens/message_bar.h"
#include "app/anchorlens/places.h"
#include "app/anchorlens/shortcut_tips.h"
#include "app/anchorlens/transfer_worker.h"
#include "widgets/attention_view.h"
#include "widgets/compare/compare_curves.h"
#include "widgets/compare/compare_view.h"
#include "widgets/composer/composer_view.h"
#include "widgets/flow/flow_view.h"
#include "widgets/panel_experiment.h"
#include "widgets/panel_inspector.h"
#include "widgets/panel_runs.h"
#include "widgets/predictions/predictions_view.h"
#include "widgets/study_view.h"
#include "widgets/taxonomy/taxonomy_view.h"
#include "widgets/timeline.h"
#include "widgets/weights/weights_view.h"

#include <QDockWidget>
#include <QLabel>
#include <QMessageBox>
#include <QResizeEvent>
#include <QScreen>
#include <QStackedWidget>
#include <QStatusBar>
#include <QStyle>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include <utility>

namespace anchorlens::app {

namespace {

constexpr int kCompactBelow = 1440;
constexpr int kSessionDelayMs = 2000;
constexpr int kRailHeight = 34;

/// Widths of the side docks and height of the Timeline.
struct DockSizes {
  int experiment;
  int right;
  int timeline;
};
constexpr DockSizes kUsual{334, 300, 318};
constexpr DockSizes kCompact{272, 252, 236};

}  // namespace

MainWindow::MainWindow(const Parts& parts, QWidget* parent)
    : QMainWindow(parent), m_parts(parts), m_controller(parts.controller) {
  setObjectName(QStringLiteral("main"));
  setAcceptDrops(true);
  setDockNestingEnabled(true);
  setContextMenuPolicy(Qt::NoContextMenu);
  setMinimumSize(1024, 640);
  m_actions = new ActionMap(this);
  m_toolbar = new MainToolbar(this);
  addToolBar(Qt::TopToolBarArea, m_toolbar);
  buildCentre();
  buildDocks();
  buildStatusBar();
  buildActions();
  buildMenus();
  wire();
  m_session_timer.setSingleShot(true);
  m_session_timer.setInterval(kSessionDelayMs);
  connect(&m_session_timer, &QTimer::timeout, this, &MainWindow::saveSession);
  m_controller.setThresholds(m_parts.settings.thresholds);
  m_attention->setThresholds(m_parts.settings.thresholds);
  connect(m_actions, &ActionMap::shortcutsChanged, this,
          [this] { m_card->setRunKey(m_actions->keyOf(QStringLiteral("run"))); });
  m_actions->setShortcuts(m_parts.settings.shortcuts);
  connect(m_actions, &ActionMap::shortcutsChanged, this, &MainWindow::showWeights);
  connect(m_actions, &ActionMap::shortcutsChanged, this, &MainWindow::showInspector);
  new ShortcutTips(*m_actions, this);
  if (!m_parts.settings.run_folder.isEmpty())
    m_controller.setRunFolder(m_parts.settings.run_folder);
  connect(&m_parts.themes, &widgets::ThemeController::changed, this, &MainWindow::applyTheme);
  applyTheme(m_parts.themes.theme());
  const QSize title_bar(0, style()->pixelMetric(QStyle::PM_TitleBarHeight));
  resize(QSize(1600, 1000).boundedTo(screen()->availableGeometry().size() - title_bar));
}

MainWindow::~MainWindow() {
  m_import_stop.request_stop();
  // The views hold pointers into the controller's records, and children tell of their end.
  for (QObject* child : findChildren<QObject*>())
    disconnect(child, nullptr, this, nullptr);
  m_timeline->setHistory(nullptr);
  m_compare_curves->setCurves({});
  m_taxonomy->setHistory(nullptr);
}

void MainWindow::buildCentre() {
  auto* centre = new QWidget(this);
  centre->setMinimumSize(560, 340);
  auto* layout = new QVBoxLayout(centre);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(4);
  m_messages = new MessageBar(centre);
  m_tabs = new QTabWidget(centre);
  m_tabs->setDocumentMode(true);
  m_tabs->tabBar()->setAccessibleName(tr("Views"));
  m_attention = new widgets::AttentionView(m_tabs);
  m_card = new FirstStartCard(m_attention);
  m_card->hide();
  m_attention->setCard(m_card);
  m_attention->setObjectName(QStringLiteral("attention"));
  m_flow = new widgets::FlowView(m_tabs);
  m_flow->setObjectName(QStringLiteral("flow"));
  m_predictions = new widgets::PredictionsView(m_tabs);
  m_predictions->setObjectName(QStringLiteral("predictions"));
  m_taxonomy = new widgets::TaxonomyView(m_tabs);
  m_taxonomy->setObjectName(QStringLiteral("heads"));
  m_composer = new widgets::ComposerView(m_tabs);
  m_composer->setObjectName(QStringLiteral("composer"));
  m_tabs->addTab(m_composer, tr("Composer"));
  m_tabs->addTab(m_attention, tr("Attention"));
  m_compare_view = new widgets::CompareView(m_tabs);
  m_compare_view->setObjectName(QStringLiteral("compare"));
  m_tabs->addTab(m_compare_view, tr("Compare"));
  m_tabs->setTabVisible(m_tabs->indexOf(m_compare_view), false);
  m_tabs->addTab(m_flow, tr("Flow"));
  buildWeights();
  m_tabs->addTab(m_predictions, tr("Predictions"));
  m_tabs->addTab(m_taxonomy, tr("Heads"));
  m_study = new widgets::StudyView(m_tabs);
  m_study->setObjectName(QStringLiteral("study"));
  m_tabs->addTab(m_study, tr("Study"));
  m_tabs->setTabVisible(m_tabs->indexOf(m_study), false);
  m_tabs->setCurrentWidget(m_attention);
  layout->addWidget(m_messages);
  layout->addWidget(m_tabs, 1);
  setCentralWidget(centre);
}

QDockWidget* MainWindow::addDock(Dock dock, const QString& name, QWidget* content,
                                 Qt::DockWidgetArea area) {
  auto* widget = new QDockWidget(name, this);
  widget->setObjectName(name);
  widget->setWidget(content);
  content->setProperty("role", "panel");
  content->setAttribute(Qt::WA_StyledBackground);
  addDockWidget(area, widget);
  m_docks[dock] = widget;
  connect(widget, &QDockWidget::visibilityChanged, this, &MainWindow::markSession);
  connect(widget, &QDockWidget::dockLocationChanged, this, &MainWindow::markSession);
  return widget;
}

void MainWindow::buildDocks() {
  setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
  setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
  m_experiment = new widgets::ExperimentPanel(this);
  m_experiment->setMinimumWidth(252);
  m_runs = new widgets::RunsPanel(this);
  m_runs->setMinimumWidth(248);
  m_runs->setMinimumHeight(120);
  m_inspector = new widgets::InspectorPanel(this);
  m_inspector->setMinimumWidth(248);

  m_timeline_pages = new QStackedWidget(this);
  m_timeline_rail = new QLabel(m_timeline_pages);
  m_timeline_rail->setContentsMargins(12, 0, 12, 0);
  m_timeline_pages->addWidget(buildTimelinePage(m_timeline_pages));
  m_timeline_pages->addWidget(m_timeline_rail);

  auto* experiment =
      addDock(ExperimentDock, tr("Experiment"), m_experiment, Qt::LeftDockWidgetArea);
  auto* timeline =
      addDock(TimelineDock, tr("Timeline"), m_timeline_pages, Qt::BottomDockWidgetArea);
  auto* runs = addDock(RunsDock, tr("Runs"), m_runs, Qt::RightDockWidgetArea);
  auto* inspector = addDock(InspectorDock, tr("Inspector"), m_inspector, Qt::RightDockWidgetArea);
  for (QDockWidget* dock : {experiment, runs, inspector})
    dock->setTitleBarWidget(new DockTitle(dock));
  // The Timeline's own first row is its title.
  timeline->setTitleBarWidget(new QWidget(timeline));
}

void MainWindow::buildStatusBar() {
  statusBar()->setSizeGripEnabled(false);
  m_status_facts = new QLabel(this);
  m_status_facts->setContentsMargins(0, 0, 8, 0);
  statusBar()->addPermanentWidget(m_status_facts);
}

void MainWindow::wire() {
  buildRefresh();
  connect(&m_controller, &Controller::refreshed, &m_refresh, &RefreshQueue::request);
  connect(&m_controller, &Controller::announced, this,
          [this](const QString& text) { statusBar()->showMessage(text); });
  connect(&m_controller, &Controller::emerged, this,
          [this](RunId run_id, int layer, int head, core::Label label) {
            if (run_id == m_controller.training().active())
              pointAtEmergence(layer, head, label);
          });
  connect(&m_controller, &Controller::runFailed, this, &MainWindow::onRunFailed);
  const auto warn = [this](const QString& key) {
    return [this, key](const QString& text) {
      if (text.isEmpty())
        m_messages->hideMessage(key);
      else
        m_messages->showMessage(key, MessageBar::Kind::Warning, text);
    };
  };
  connect(&m_controller, &Controller::warned, this, warn(QStringLiteral("warning")));
  connect(&m_controller, &Controller::diverged, this, warn(QStringLiteral("diverged")));
  connect(&m_controller.training(), &TrainingControl::released, this, &MainWindow::finishClose);
  connect(&m_controller.training(), &TrainingControl::notReleased, this,
          &MainWindow::askAboutUnsaved);
  connect(&m_controller.draft(), &DraftDocument::fileChanged, this, &MainWindow::updateTitle);
  connect(&m_controller.draft(), &DraftDocument::changed, this, [this] {
    updateTitle();
    markSession();
  });

  wireToolbar();
  wireExperiment();
  wireComposer();
  wireRuns();
  wireViews();
  wireTime();
  wireTour();
  wireOut();
  wireCell();
  wireHeadMenu();
  wireAnnouncer();
  buildCausal();
  buildInterventions();
}

void MainWindow::wireToolbar() {
  connect(m_toolbar, &MainToolbar::runPressed, (*m_actions)[QStringLiteral("run")],
          &QAction::trigger);
  connect(m_toolbar, &MainToolbar::stepPressed, &m_controller, &Controller::step);
  connect(m_toolbar, &MainToolbar::stopPressed, &m_controller, &Controller::stop);
  connect(m_toolbar, &MainToolbar::paceChosen, this, [this](std::optional<double> pace) {
    m_controller.training().setPace(pace);
    markSession();
  });
  connect(m_toolbar, &MainToolbar::deviceChosen, this, [this](const QString& id) {
    core::ExperimentSpec next = m_controller.draft().spec();
    next.training.device = id.toStdString();
    m_controller.draft().edit(next, tr("change device"));
  });
  connect(m_toolbar, &MainToolbar::cudaReasonRequested, this, [this] {
    m_toolbar->setDevice(QString::fromStdString(m_controller.draft().spec().training.device));
    const auto& engine = m_controller.training().engine();
    if (engine) {
      m_messages->showMessage(QStringLiteral("cuda"), MessageBar::Kind::Info,
                              QString::fromStdString(engine->cuda_reason));
    }
  });
  connect(m_toolbar, &MainToolbar::showProblemPressed, this, [this] {
    m_controller.showDraft();
    if (m_composer->isVisible() && m_composer->focusFirstProblem())
      return;
    if (!m_experiment->firstProblemTab()) {
      m_tabs->setCurrentWidget(m_composer);
      m_composer->focusFirstProblem();
      return;
    }
    m_docks[ExperimentDock]->show();
    m_experiment->focusFirstProblem();
  });
  connect(m_toolbar, &MainToolbar::followToggled, &m_controller, &Controller::setFollowing);
  connect(m_toolbar, &MainToolbar::exportPressed, this, &MainWindow::showExport);
  connect(m_card, &FirstStartCard::runPressed, (*m_actions)[QStringLiteral("run")],
          &QAction::trigger);
  connect(m_card, &FirstStartCard::composePressed, this, &MainWindow::showComposer);
  connect(m_card, &FirstStartCard::openPressed, (*m_actions)[QStringLiteral("open-run")],
          &QAction::trigger);
}

void MainWindow::wireExperiment() {
  connect(m_experiment, &widgets::ExperimentPanel::edited, this,
          [this](const core::ExperimentSpec& spec, const QString& text, const QString& key) {
            m_controller.draft().edit(spec, text, key);
            showExperiment();  // at once: the next key press reads it
          });
  connect(m_experiment, &widgets::ExperimentPanel::presetChosen, this, &MainWindow::choosePreset);
  wirePresets();
  connect(m_experiment, &widgets::ExperimentPanel::editCopyRequested, this, [this] {
    if (const RunRecord* run = m_controller.shownRun())
      m_controller.copySettings(run->id());
  });
  connect(m_experiment, &widgets::ExperimentPanel::draftRequested, &m_controller,
          &Controller::showDraft);
  connect(m_experiment, &widgets::ExperimentPanel::newSamplesRequested, &m_controller.draftChecks(),
          &DraftChecks::drawNewSamples);
  connect(m_experiment, &widgets::ExperimentPanel::problemsChanged, this,
          &MainWindow::countUnreadTexts);
}

void MainWindow::wireComposer() {
  connect(m_composer, &widgets::ComposerView::edited, m_experiment,
          &widgets::ExperimentPanel::edited);
  connect(m_composer, &widgets::ComposerView::textProblemsChanged, this,
          &MainWindow::countUnreadTexts);
  connect(m_composer, &widgets::ComposerView::presetChosen, m_experiment,
          &widgets::ExperimentPanel::presetChosen);
  connect(m_composer, &widgets::ComposerView::galleryRequested, m_experiment,
          &widgets::ExperimentPanel::galleryRequested);
  connect(m_composer, &widgets::ComposerView::newSamplesRequested, m_experiment,
          &widgets::ExperimentPanel::newSamplesRequested);
  connect(m_composer, &widgets::ComposerView::editCopyRequested, m_experiment,
          &widgets::ExperimentPanel::editCopyRequested);
  connect(m_composer, &widgets::ComposerView::draftRequested, &m_controller,
          &Controller::showDraft);
  connect(m_composer, &widgets::ComposerView::exportRequested, this, &MainWindow::showTaskExport);
  connect(m_composer, &widgets::ComposerView::fileDropped, this, &MainWindow::replaceDraftBy);
  connect(m_composer, &widgets::ComposerView::told, this,
          [this](const QString& text) { statusBar()->showMessage(text); });
  connect(m_experiment, &widgets::ExperimentPanel::composerRequested, this,
          &MainWindow::showComposer);
  connect(m_tabs, &QTabWidget::currentChanged, this, &MainWindow::markSession);
}

void MainWindow::wireRuns() {
  connect(m_runs, &widgets::RunsPanel::runSelected, &m_controller, &Controller::showRun);
  connect(m_runs, &widgets::RunsPanel::renamed, &m_controller, &Controller::renameRun);
  connect(m_runs, &widgets::RunsPanel::openRequested, (*m_actions)[QStringLiteral("open-run")],
          &QAction::trigger);
  connect(m_runs, &widgets::RunsPanel::continueRequested, this, [this](quint64 id) {
    const RunRecord* run = m_controller.runs().find(id);
    if (run->state() == core::RunState::Finished)
      askMoreSteps(id);
    else
      m_controller.continueRun(id, std::nullopt);
  });
  connect(m_runs, &widgets::RunsPanel::forkRequested, this, &MainWindow::forkFromCursor);
  connect(m_runs, &widgets::RunsPanel::copySettingsRequested, &m_controller,
          &Controller::copySettings);
  buildStudies();
  buildCompare();
  buildTransfer();
}

void MainWindow::wireViews() {
  connect(m_attention, &widgets::AttentionView::headSelected, this, [this](int layer, int head) {
    m_flow->selectHead(layer, head);
    m_taxonomy->selectHead(layer, head);
    showInspector();
    markSession();
  });
  connect(m_attention, &widgets::AttentionView::optionsChanged, this, [this] {
    m_study->setMap(m_attention->options().map);
    shareChoice();
    noteViewSettings(ViewPart::Attention);
  });
  wireAttention();
  wireFlow();
  wireTaxonomy();
  wirePredictions();
  connect(m_attention, &widgets::AttentionView::copyRequested, this, &MainWindow::copyPicture);
  connect(m_timeline, &widgets::Timeline::cursorMoved, &m_controller, &Controller::moveCursor);
  connect(m_timeline, &widgets::Timeline::goLive, &m_controller, &Controller::goLive);
  connect(m_timeline, &widgets::Timeline::headSelected, m_attention,
          &widgets::AttentionView::selectHead);
  connect(m_timeline, &widgets::Timeline::headSelected, this, &MainWindow::showInspector);
  connect(m_timeline, &widgets::Timeline::optionsChanged, this, [this] {
    m_taxonomy->setLogarithmic(m_timeline->isLogarithmic());
    noteViewSettings(ViewPart::Time);
    markSession();
  });
}

void MainWindow::applyTheme(const widgets::Theme& theme) {
  m_toolbar->setTheme(theme);
  m_composer->setTheme(theme);
  m_attention->setTheme(theme);
  m_compare_view->setTheme(theme);
  m_compare_curves->setTheme(theme);
  m_flow->setTheme(theme);
  m_taxonomy->setTheme(theme);
  m_predictions->setTheme(theme);
  m_study->setTheme(theme);
  m_weights->setTheme(theme);
  m_card->setTheme(theme);
  m_experiment->setTheme(theme);
  m_runs->setTheme(theme);
  m_inspector->setTheme(theme);
  m_timeline->setTheme(theme);
  for (QDockWidget* dock : m_docks) {
    if (auto* title = qobject_cast<DockTitle*>(dock->titleBarWidget()))
      title->setTheme(theme);
  }
}

void MainWindow::setCompact(bool compact) {
  m_is_compact = compact;
  m_parts.themes.setCompact(compact);
  m_toolbar->setCompact(compact);
  m_composer->setCompact(compact);
  m_attention->setCompact(compact);
  m_compare_view->setCompact(compact);
  m_compare_curves->setCompact(compact);
  m_study->setCompact(compact);
  m_weights->setCompact(compact);
  m_card->setCompact(compact);
  m_experiment->setCompact(compact);
  m_runs->setCompact(compact);
  m_timeline->setCompact(compact);
}

void MainWindow::resizeDocksToSet() {
  const DockSizes& sizes = m_is_compact ? kCompact : kUsual;
  resizeDocks({m_docks[ExperimentDock], m_docks[RunsDock]}, {sizes.experiment, sizes.right},
              Qt::Horizontal);
  const bool is_rail = m_timeline_pages->currentIndex() == 1;
  resizeDocks({m_docks[TimelineDock]}, {is_rail ? kRailHeight : sizes.timeline}, Qt::Vertical);
  const int height = m_docks[RunsDock]->height() + m_docks[InspectorDock]->height();
  resizeDocks({m_docks[RunsDock], m_docks[InspectorDock]}, {height * 37 / 100, height * 63 / 100},
              Qt::Vertical);
}

void MainWindow::showEvent(QShowEvent* event) {
  QMainWindow::showEvent(event);
  askForLiveFrames();
  if (std::exchange(m_was_shown, true))
    return;
  if (m_attention->isVisible())
    m_attention->grid()->setFocus();
  if (!m_has_layout)
    resizeDocksToSet();
}

void MainWindow::hideEvent(QHideEvent* event) {
  QMainWindow::hideEvent(event);
  askForLiveFrames();
}

void MainWindow::changeEvent(QEvent* event) {
  QMainWindow::changeEvent(event);
  if (event->type() != QEvent::WindowStateChange)
    return;
  askForLiveFrames();
  // The window manager may end full screen, too. What it tells of may be an older press of the key:
  // what follows from newer ones is told in the same turn of the event loop.
  QTimer::singleShot(0, this, [this] {
    if (m_before_full_screen && !isFullScreen())
      toggleCentreFullScreen();
  });
}

/// Training makes none while nobody can see them.
void MainWindow::askForLiveFrames() {
  m_controller.training().setLiveFrames(isVisible() && !isMinimized());
}

void MainWindow::resizeEvent(QResizeEvent* event) {
  QMainWindow::resizeEvent(event);
  const bool compact = event->size().width() < kCompactBelow;
  if (compact != m_is_compact) {
    setCompact(compact);
    resizeDocksToSet();
  }
  markSession();
}

}  // namespace anchorlens::app
