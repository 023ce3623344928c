// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/action_map.h"
#include "app/anchorlens/attention_question.h"
#include "app/anchorlens/controller.h"
#include "app/anchorlens/dialogs.h"
#include "app/anchorlens/export/window_material.h"
#include "app/anchorlens/refresh_queue.h"
#include "app/anchorlens/session_state.h"
#include "app/anchorlens/settings.h"
#include "app/anchorlens/view_settings.h"
#include "app/anchorlens/worker_thread.h"
#include "engine/inspect.h"
#include "engine/session/causal_test.h"
#include "widgets/number_table.h"
#include "widgets/theme_controller.h"

#include <QMainWindow>
#include <QMap>
#include <QPointer>
#include <QTimer>

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <utility>

class QLabel;
class QMenu;
class QMimeData;
class QStackedWidget;
class QTabWidget;

namespace anchorlens::widgets {
class AttentionView;
class CausalPanel;
class ChangesPanel;
class CompareCurves;
class CompareView;
class FlowView;
struct FlowEdge;
class PredictionsView;
class TaxonomyView;
class ComposerView;
class ExperimentPanel;
class InspectorPanel;
class RunsPanel;
class StudyView;
struct RunRow;
class Timeline;
class WeightsView;
}  // namespace anchorlens::widgets

namespace anchorlens::core {
enum class NameFamily : std::uint8_t;
}

namespace anchorlens::app {

class Announcer;
class BookmarkKeeper;
class CausalControl;
class ChangeDialog;
class CompareControl;
class DragOut;
class ExportDialog;
class FirstStartCard;
class FlowCuts;
class ForkDialog;
class GalleryDialog;
class HeadTests;
class MainToolbar;
class MessageBar;
class StudyList;
class StudyPresenter;
class TaskExportDialog;
class Tour;
class TransferWorker;
class VaryDialog;
class WeightsControl;

/// The window: lays out docks, toolbar and centre, and wires them to the controller. What it shows
/// comes from the controller's refreshed().
class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  struct Parts {
    Controller& controller;
    widgets::ThemeController& themes;
    Dialogs& dialogs;
    Settings& settings;
    QString settings_file;
    QString session_file;
  };

  explicit MainWindow(const Parts& parts, QWidget* parent = nullptr);
  ~MainWindow() override;

  /// A first start: the demo, paced. Else what the last session left.
  void openSession();
  /// An experiment, a run directory, a study's folder or file; other people's checkpoints, which
  /// are imported; anything else is one line in the
  /// status bar.
  void openPath(const QString& path);
  SessionState sessionState() const;
  void saveSession();

  ActionMap& actions() { return *m_actions; }
  MainToolbar* toolbar() const { return m_toolbar; }
  widgets::AttentionView* attention() const { return m_attention; }
  widgets::ComposerView* composer() const { return m_composer; }
  widgets::WeightsView* weights() const { return m_weights; }
  QTabWidget* tabs() const { return m_tabs; }
  widgets::ExperimentPanel* experiment() const { return m_experiment; }
  widgets::InspectorPanel* inspector() const { return m_inspector; }
  widgets::RunsPanel* runsPanel() const { return m_runs; }
  widgets::Timeline* timeline() const { return m_timeline; }
  MessageBar* messages() const { return m_messages; }
  StudyList* studies() const { return m_studies; }
  widgets::StudyView* study() const { return m_study; }
  VaryDialog* varyDialog() const;
  ExportDialog* exportDialog() const;
  widgets::CausalPanel* causal() const { return m_causal; }
  CompareControl* compare() const { return m_compare; }
  widgets::CompareView* compareView() const { return m_compare_view; }
  widgets::CompareCurves* compareCurves() const { return m_compare_curves; }
  HeadTests* headTests() const { return m_head_tests; }
  widgets::ChangesPanel* changes() const { return m_changes; }
  /// Null until they were asked for.
  ChangeDialog* changeDialog() const { return m_change_dialog; }
  ForkDialog* forkDialog() const;
  CausalControl* causalControl() const { return m_causal_control; }
  /// Null until it was asked for.
  TaskExportDialog* taskExportDialog() const { return m_task_export; }
  /// Null unless somebody follows it.
  Tour* tour() const;
  DragOut* dragOut() const { return m_drag_out; }
  Announcer* announcer() const { return m_announcer; }
  QString statusText() const;

 protected:
  void closeEvent(QCloseEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void changeEvent(QEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dragMoveEvent(QDragMoveEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  bool focusNextPrevChild(bool next) override;

 private:
  enum Dock { ExperimentDock, TimelineDock, RunsDock, InspectorDock, kDocks };

  // main_window.cpp
  void buildCentre();
  void buildDocks();
  QDockWidget* addDock(Dock dock, const QString& name, QWidget* content, Qt::DockWidgetArea area);
  void buildStatusBar();
  void wire();
  void wireToolbar();
  void wireExperiment();
  void wireComposer();
  void wireRuns();
  void wireViews();
  void wireFlow();
  void askFlow();
  bool showFlowInspector();
  void showFlowEdge(const widgets::FlowEdge& edge);
  std::vector<std::pair<QString, QString>> pathFacts();
  std::optional<widgets::FlowEdge> edgeToCut() const;
  void enableCut();
  void cutSelectedEdge();
  void wireTaxonomy();
  void wirePredictions();
  // main_window_attention.cpp
  void wireAttention();
  QString weightsProblem(widgets::HeadValues values, bool is_mean) const;
  void askAttention();
  // main_window_predictions.cpp
  void showPredictionsSubject();
  void showPredictionsHistory();
  void showPredictionsMetrics();
  void askPredictions();
  void shareChoice();
  void setCompact(bool compact);
  void applyTheme(const widgets::Theme& theme);
  void resizeDocksToSet();
  void askForLiveFrames();

  // main_window_actions.cpp
  void buildActions();
  void buildRunActions();
  void buildTimeActions();
  void buildViewActions();
  void buildFileActions();
  void buildMenus();
  void fillRecent();
  std::vector<QWidget*> regions() const;
  void moveRegion(int by);
  void toggleCentreFullScreen();
  QByteArray dockState() const;
  void findAction();
  void showHelp();
  void showAbout();
  void showPreferences();

  // main_window_time.cpp
  void buildMarkActions();
  void applyMotion();
  void addMarkMenus(QMenu* time);
  void fillBookmarks(QMenu* menu);
  void wireTime();

  // main_window_out.cpp
  QMimeData* pictureOf(QWidget* view);
  core::Expected<widgets::Figure, QString> pictureOnScreen() const;
  void wireOut();

  // main_window_cell.cpp
  void wireCell();
  void shareCell(QObject* from, widgets::Cell cell);

  // main_window_menus.cpp
  void wireHeadMenu();

  // main_window_drops.cpp
  bool isOver(const QWidget* region, const QPoint& place) const;
  void whenRead(const RunRecord& run, std::function<void(const RunRecord&)> then);
  void dropPath(const QString& path, const QPoint& place);
  void replaceDraftBy(const QString& file);
  void dropRun(RunId run_id);
  void wireAnnouncer();

  // main_window_undo.cpp
  ViewSettings viewSettings() const;
  void applyViewSettings(const ViewSettings& settings, ViewPart part);
  void noteViewSettings(ViewPart part);
  void seeViewSettings(ViewPart part);
  void restoreSteps(const UndoSteps& steps);
  void addColourMenu(QMenu* run);

  // main_window_tour.cpp
  void startTour();
  void wireTour();

  // main_window_studies.cpp
  void buildStudies();
  void buildStudyActions();
  void openStudy(const QString& path);
  void showStudyTab(bool is_there);
  void vary(const core::ExperimentSpec& base, bool only_seeds);

  // main_window_transfer.cpp
  void buildTransfer();
  void buildTransferActions();
  void exportWeights(core::NameFamily names);
  void importRun(const QString& source, bool ticks = false);

  // main_window_views.cpp
  widgets::NumberTable numbersOfFocus() const;
  ExportSource exportSource() const;
  QString kindOnScreen() const;
  QString takenAway() const;
  void showNumbers();
  void copyPicture();
  void copyNumbers();
  void pasteTask();
  void showExport();
  void showTaskExport();

  // main_window_causal.cpp
  void buildCausal();
  void buildCausalActions();
  void showCausal();
  void toggleAblation();
  void undoAblation();
  void showAblationBar(const QString& note);
  void askPicture();
  // main_window_interventions.cpp
  void buildInterventions();
  void buildInterventionActions();
  QString whyNoIntervention() const;
  core::InEffect nextInEffect() const;
  void askIntervention(const core::Intervention& change);
  void makeChange(RunId run_id, core::Intervention change);
  void showInterventions();
  void showChangeDialog();
  void fillChangeDialog();
  // main_window_forks.cpp
  void forkFromCursor(RunId run_id);
  void forkCheckpoint(const QString& path, std::int64_t step);
  void startFork(RunId run_id, std::int64_t step, const core::ExperimentSpec& spec,
                 const std::vector<core::Intervention>& changes);
  void tellForkStep(RunId run_id);
  // main_window_compare.cpp
  QWidget* buildTimelinePage(QWidget* parent);
  std::optional<RunId> recordOf(quint64 row);
  void buildCompare();
  void buildCompareActions();
  void tickRun(quint64 id);
  void showCompare();
  bool showCompareInspector();
  void shareTimeAxis();
  void takeCompareRange();
  core::Expected<widgets::Figure, QString> comparedOnScreen() const;
  std::vector<widgets::RunRow> runRows();
  // main_window_weights.cpp
  void buildWeights();
  void showWeights();

  // main_window_presets.cpp
  void wirePresets();
  void showGallery();
  void showOwnPresets();
  void choosePreset(const QString& name);
  void showDifferences();

  // main_window_refresh.cpp
  core::SpecErrors draftProblems() const;
  QString problemText() const;
  void countUnreadTexts();
  void buildRefresh();
  void refreshNow();
  void showSubject();
  void showExperiment();
  void showComposer();
  void showFrame();
  void showInspector();
  void showTimeline();
  void showDevices();
  void showRunKeys();
  QString runTip() const;
  void showReadouts();
  void showChecks();
  void showStatusFacts();
  QString changedText() const;
  void updateTitle();
  void pointAtEmergence(int layer, int head, core::Label label);
  void onRunFailed(RunId run_id);
  QString runLine(const RunRecord& run) const;

  // main_window_files.cpp
  void newDraft();
  void openExperimentFile(const QString& file);
  void open(const QString& path, bool ticks);
  void openRunFolder(const QString& folder, bool ticks = false);
  void tellFileErrors(const QString& file, const core::SpecErrors& errors);
  bool saveDraft(bool ask_for_name);
  void addRecent(const QString& path);
  void askMoreSteps(RunId run_id);
  void markSession();
  void restoreSession(const SessionState& state);
  void restoreTime(const SessionState& state);
  void offerInterrupted(RunId run_id, const QString& name);
  void finishClose();
  void askAboutUnsaved();

  Parts m_parts;
  Controller& m_controller;
  RefreshQueue m_refresh;  ///< what follows from the controller's changes
  ActionMap* m_actions = nullptr;
  MainToolbar* m_toolbar = nullptr;
  QTabWidget* m_tabs = nullptr;
  widgets::ComposerView* m_composer = nullptr;
  widgets::AttentionView* m_attention = nullptr;
  widgets::FlowView* m_flow = nullptr;
  FlowCuts* m_flow_cuts = nullptr;
  /// By name and the step that was shown; their weights may be those of an earlier checkpoint.
  std::map<std::pair<QString, std::int64_t>, engine::CausalResult> m_cut_edges;
  widgets::TaxonomyView* m_taxonomy = nullptr;
  widgets::PredictionsView* m_predictions = nullptr;
  widgets::WeightsView* m_weights = nullptr;
  WeightsControl* m_weights_control = nullptr;
  widgets::CompareView* m_compare_view = nullptr;
  widgets::CompareCurves* m_compare_curves = nullptr;
  CompareControl* m_compare = nullptr;
  widgets::Cell m_cell;            ///< that was looked at last, in any view
  bool m_is_comparing = false;     ///< the window is laid out for it
  bool m_is_sharing_axis = false;  ///< the Timeline takes the range of the curves of Compare
  bool m_ticks_import = false;     ///< what is being imported is ticked for Compare
  bool m_had_experiment = false;   ///< its dock was there before
  QByteArray m_docks_before_compare;
  FirstStartCard* m_card = nullptr;
  widgets::ExperimentPanel* m_experiment = nullptr;
  widgets::InspectorPanel* m_inspector = nullptr;
  widgets::RunsPanel* m_runs = nullptr;
  widgets::Timeline* m_timeline = nullptr;
  QStackedWidget* m_timeline_pages = nullptr;
  QLabel* m_timeline_rail = nullptr;
  BookmarkKeeper* m_bookmarks = nullptr;
  MessageBar* m_messages = nullptr;
  QLabel* m_status_facts = nullptr;
  std::array<QDockWidget*, kDocks> m_docks{};
  QMenu* m_recent_menu = nullptr;
  QPointer<ExportDialog> m_export;
  TaskExportDialog* m_task_export = nullptr;
  QPointer<GalleryDialog> m_gallery;
  widgets::CausalPanel* m_causal = nullptr;
  HeadTests* m_head_tests = nullptr;
  CausalControl* m_causal_control = nullptr;
  widgets::ChangesPanel* m_changes = nullptr;
  ChangeDialog* m_change_dialog = nullptr;
  QPointer<ForkDialog> m_fork_dialog;
  std::optional<std::pair<RunId, std::int64_t>> m_forking;  ///< and the step that was asked for
  std::vector<engine::HeadRef> m_ablated;                   ///< in all views
  std::vector<engine::HeadRef> m_pictured;  ///< the picture that is shown is without these
  /// Of snapshots: what the views are waiting for.
  static inline const QString kAttentionChannel = QStringLiteral("attention");
  static inline const QString kFlowChannel = QStringLiteral("flow");
  static inline const QString kPredictionsChannel = QStringLiteral("predictions");
  std::optional<AttentionQuestion> m_attention_asked;
  std::optional<AttentionQuestion> m_flow_asked;
  bool m_is_prediction_due = false;  ///< the same of the Predictions tab
  bool m_is_picture_due = false;     ///< without them; none is made while live views follow
  QPointer<Tour> m_tour;
  DragOut* m_drag_out = nullptr;
  Announcer* m_announcer = nullptr;
  std::optional<ViewSettings> m_view_settings;  ///< as they were last seen
  bool m_is_restoring = false;  ///< settings that change now are not the person's doing
  StudyList* m_studies = nullptr;
  widgets::StudyView* m_study = nullptr;
  StudyPresenter* m_study_presenter = nullptr;
  bool m_is_study_wanted = false;  ///< its tab comes to the front once it is there
  QPointer<VaryDialog> m_vary;
  std::stop_source m_import_stop;
  std::unique_ptr<WorkerThread<TransferWorker>> m_transfer;
  QStringList m_recent;
  QTimer m_session_timer;
  struct Layout {
    QByteArray geometry;
    QByteArray docks;
  };
  std::optional<Layout> m_before_full_screen;  ///< while the centre fills the screen
  std::vector<QWidget*> m_hidden_for_full_screen;
  core::ExperimentSpec m_valid_draft;
  std::optional<SessionState> m_pending;  ///< what a restored run's rows must come for
  QMap<QWidget*, QPointer<QWidget>> m_last_focus;
  bool m_is_compact = false;
  bool m_was_shown = false;
  bool m_has_layout = false;  ///< docks as the last session left them
  RunId m_asked_of = 0;       ///< a change of this run is in question
  bool m_is_closing = false;
  bool m_can_close = false;
};

}  // namespace anchorlens::app
