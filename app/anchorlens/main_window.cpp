// SPDX-License-Identifier: GPL-3.0-or-later
// Layout. Signals: main_window_wiring.cpp; what is shown: main_window_refresh.cpp; actions and
// menus: main_window_actions.cpp; files and the session: main_window_files.cpp.
#include "app/anchorlens/main_window.h"

#include "app/anchorlens/dock_title.h"
#include "app/anchorlens/first_start_card.h"
#include "app/anchorlens/main_toolbar.h"
#include "app/anchorlens/message_bar.h"
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
#include <QResizeEvent>
#include <QScreen>
#include <QStackedWidget>
#include <QStatusBar>
#include <QStyle>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

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
