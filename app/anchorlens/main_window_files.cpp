// SPDX-License-Identifier: GPL-3.0-or-later
// Experiments, runs, the session, and closing.
#include "app/anchorlens/compare_control.h"
#include "app/anchorlens/main_toolbar.h"
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/message_bar.h"
#include "app/anchorlens/places.h"
#include "app/anchorlens/study_list.h"
#include "app/anchorlens/undo_command.h"
#include "engine/core/archive/run_archive.h"
#include "engine/core/experiment_json.h"
#include "engine/core/import/import_plan.h"
#include "engine/core/store/checkpoint.h"
#include "widgets/attention_view.h"
#include "widgets/compare/compare_view.h"
#include "widgets/flow/flow_view.h"
#include "widgets/number_format.h"
#include "widgets/panel_experiment.h"
#include "widgets/panel_runs.h"
#include "widgets/predictions/predictions_view.h"
#include "widgets/study_view.h"
#include "widgets/taxonomy/taxonomy_view.h"
#include "widgets/timeline.h"
#include "widgets/weights/weights_view.h"

#include <QCloseEvent>
#include <QDir>
#include <QDockWidget>
#include <QFile>
#include <QFileInfo>
#include <QGuiApplication>
#include <QScreen>
#include <QStatusBar>
#include <QTabWidget>

#include <algorithm>
#include <utility>

namespace anchorlens::app {

namespace {

constexpr int kRecentFiles = 10;
/// At this pace the demo's heads emerge over about ten seconds and it ends within a minute.
constexpr double kDemoPace = 30;

QString readText(const QString& name) {
  QFile file(name);
  return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// A layout of a larger screen is clamped to this one.
void fitToScreen(QWidget& window) {
  QRect room = window.screen()->availableGeometry();
  QRect client = window.geometry();
  if (room.contains(client))
    return;
  room.setTop(room.top() + window.style()->pixelMetric(QStyle::PM_TitleBarHeight));
  client.setSize(client.size().boundedTo(room.size()));
  client.moveLeft(std::clamp(client.left(), room.left(), room.right() + 1 - client.width()));
  client.moveTop(std::clamp(client.top(), room.top(), room.bottom() + 1 - client.height()));
  window.setGeometry(client);  // move() takes the client's place for the frame's: lower each time
}

}  // namespace

void MainWindow::newDraft() {
  m_controller.draft().replace(core::preset("demo"), {}, tr("new experiment"));
  m_controller.showDraft();
}

void MainWindow::openPath(const QString& path) {
  open(path, false);
}

/// `ticks`: a run is ticked for Compare in the place of being shown.
void MainWindow::open(const QString& path, bool ticks) {
  QFileInfo info(path);
  // A file inside a run (run.sqlite, a checkpoint) stands for the run.
  QString run = info.isDir() ? info.absoluteFilePath() : info.absolutePath();
  if (!info.isDir() && info.dir().dirName() == QLatin1String("checkpoints"))
    run = QFileInfo(info.absolutePath()).absolutePath();
  if (!info.exists()) {
    statusBar()->showMessage(tr("%1 does not exist.").arg(path));
  } else if (StudyList::looksLikeStudy(run) &&
             (info.isDir() || info.fileName() == QLatin1String(core::kStudyFile))) {
    openStudy(run);
  } else if (looksLikeRun(run) && (info.isDir() || info.suffix() != QLatin1String("json"))) {
    openRunFolder(run, ticks);
  } else if (core::looksImportable(toPath(path)) || core::looksLikeRunArchive(toPath(path))) {
    importRun(info.absoluteFilePath(), ticks);
  } else if (info.isDir()) {
    statusBar()->showMessage(
        tr("Not an Anchorlens run: %1 is missing.").arg(run + QStringLiteral("/experiment.json")));
  } else if (info.suffix() == QLatin1String("json") && StudyList::isStudyFile(path)) {
    openStudy(info.absoluteFilePath());
  } else if (info.suffix() == QLatin1String("json")) {
    openExperimentFile(info.absoluteFilePath());
  } else {
    statusBar()->showMessage(tr("%1 is neither an experiment or a study (.json) nor a run folder.")
                                 .arg(info.fileName()));
  }
}

void MainWindow::openExperimentFile(const QString& file) {
  auto spec = core::readExperiment(toPath(file));
  if (!spec) {
    // A saved draft may be unfinished: it opens with its problems marked where they are.
    auto draft = core::readDraft(toPath(file));
    if (!draft) {
      tellFileErrors(file, spec.error());
      return;
    }
    spec = std::move(draft);
  }
  m_controller.draft().replace(*spec, file, tr("open %1").arg(QFileInfo(file).fileName()));
  m_controller.showDraft();
  m_controller.draftChecks().setExperiment(*spec, true);
  addRecent(file);
}

void MainWindow::tellFileErrors(const QString& file, const core::SpecErrors& errors) {
  QStringList lines;
  for (const auto& error : errors) {
    const QString place = QString::fromStdString(error.pointer);
    lines.append((place.isEmpty() ? QString() : place + QStringLiteral(": ")) +
                 QString::fromStdString(error.message));
  }
  m_messages->showMessage(
      QStringLiteral("file"), MessageBar::Kind::Problem,
      QFileInfo(file).fileName() + QStringLiteral(": ") + lines.join(QLatin1Char('\n')));
}

void MainWindow::openRunFolder(const QString& folder, bool ticks) {
  if (ticks) {
    const RunId run_id = m_controller.library().open(toPath(folder)).id();
    m_controller.markRunsChanged();
    if (!m_compare->isTicked(run_id))
      tickRun(run_id);
  } else {
    m_controller.openRun(toPath(folder));
  }
  addRecent(folder);
}

bool MainWindow::saveDraft(bool ask_for_name) {
  DraftDocument& draft = m_controller.draft();
  QString file = draft.file();
  if (file.isEmpty() || ask_for_name) {
    const QString proposal = QString::fromStdString(draft.spec().name) + QStringLiteral(".json");
    file = m_parts.dialogs.askFile(this, tr("Save experiment"), file.isEmpty() ? proposal : file,
                                   QStringLiteral("json"), tr("Experiments (*.json)"));
  }
  if (file.isEmpty())
    return false;
  const auto written = core::writeFileAtomically(toPath(file), core::writeExperiment(draft.spec()));
  if (!written) {
    m_messages->showMessage(QStringLiteral("file"), MessageBar::Kind::Problem,
                            QString::fromStdString(written.error().text()));
    return false;
  }
  draft.markSaved(file);
  addRecent(file);
  statusBar()->showMessage(tr("Saved %1.").arg(file));
  showExperiment();
  return true;
}

void MainWindow::addRecent(const QString& path) {
  m_recent.removeAll(path);
  m_recent.prepend(path);
  while (m_recent.size() > kRecentFiles)
    m_recent.removeLast();
  fillRecent();
  markSession();
}

void MainWindow::askMoreSteps(RunId run_id) {
  const RunRecord* run = m_controller.runs().find(run_id);
  if (run == nullptr)
    return;
  const auto steps = m_parts.dialogs.moreSteps(
      this, run->name(), std::max<std::int64_t>(100, run->status().total_steps));
  if (steps)
    m_controller.continueRun(run_id, steps);
}

void MainWindow::markSession() {
  if (!m_is_closing && !m_session_timer.isActive())
    m_session_timer.start();
}

SessionState MainWindow::sessionState() const {
  SessionState state;
  const DraftDocument& draft = m_controller.draft();
  state.draft = draft.spec();
  state.valid_draft = m_valid_draft;
  state.draft_file = draft.file();
  state.is_draft_modified = draft.isModified();
  state.steps = undoSteps(m_controller.undoStack());
  for (const auto& run : m_controller.runs().all()) {
    state.runs.push_back({toText(run->directory()), run->name(), run->colour(),
                          run->isOurs() && run->state() == core::RunState::Training,
                          run->unwrittenBookmarks(), m_compare->isTicked(run->id())});
  }
  state.studies = m_studies->paths();
  state.run_choices = m_runs->choices();
  state.folded_seeds = m_studies->seedFolds().states();
  if (const RunRecord* run = m_controller.shownRun())
    state.shown_run = toText(run->directory());
  state.step = m_controller.cursor().step();
  state.is_following = m_controller.cursor().isFollowing();
  if (m_pending) {
    // The run of the last session is still being read: what it said holds.
    state.step = m_pending->step;
    state.is_following = m_pending->is_following;
  }
  state.pace = m_controller.training().pace();
  state.attention = m_attention->options();
  state.flow = m_flow->options();
  state.flow_route = m_flow->routeName();
  state.predictions_page = static_cast<int>(m_predictions->page());
  state.predictions_filter = m_predictions->filter();
  state.predictions_losses = m_predictions->groupValue() == widgets::GroupValue::Loss;
  state.study_page = static_cast<int>(m_study->page());
  state.study = m_study->choices();
  state.weights = m_weights->choice();
  const auto compare = m_compare_view->options();
  state.compare_match = compare.match;
  state.compare_align = compare.align;
  state.compare_all_seeds = compare.all_seeds;
  state.compare_seeds_at_cursor = compare.seeds_at_cursor;
  const widgets::Cell cell =
      m_pending ? widgets::Cell{m_pending->reader, m_pending->source} : m_cell;
  state.reader = cell.reader;
  state.source = cell.source;
  state.head_order = m_taxonomy->rowOrder();
  state.is_log_time = m_timeline->isLogarithmic();
  state.smoothing = m_timeline->smoothing();
  state.replay_rate = m_timeline->replayRate();
  if (m_pending) {
    state.time_range = m_pending->time_range;
    state.loop = m_pending->loop;
    state.is_unfolded = m_pending->is_unfolded;
  } else if (m_controller.shownRun() != nullptr) {
    const auto range = m_timeline->range();
    if (!m_timeline->showsAllTime())
      state.time_range = std::pair(range.first, range.last);
    if (const auto loop = m_timeline->loop())
      state.loop = std::pair(loop->first, loop->last);
    state.is_unfolded = m_timeline->isUnfolded();
  }
  state.experiment_tab = static_cast<int>(m_experiment->currentTab());
  const QWidget* tab = m_is_study_wanted ? m_study : m_tabs->currentWidget();
  if (tab == m_compare_view)  // a session begins without it
    tab = m_attention;
  state.centre_tab = tab->objectName();
  state.geometry = m_before_full_screen ? m_before_full_screen->geometry : saveGeometry();
  state.docks = m_is_comparing ? m_docks_before_compare : dockState();
  state.recent = m_recent;
  return state;
}

void MainWindow::saveSession() {
  m_session_timer.stop();
  const QByteArray text = writeSession(sessionState());
  const auto written = core::writeFileAtomically(
      toPath(m_parts.session_file), {text.constData(), static_cast<std::size_t>(text.size())});
  if (!written)
    statusBar()->showMessage(QString::fromStdString(written.error().text()));
}

void MainWindow::openSession() {
  m_is_restoring = true;
  const auto state = parseSession(readText(m_parts.session_file).toUtf8());
  if (state) {
    restoreSession(*state);
  } else {
    m_controller.draft().load(core::preset("demo"), {});
    m_controller.training().setPace(kDemoPace);
    m_toolbar->setPace(kDemoPace);
    m_attention->selectHead(core::preset("demo").model.n_layers - 1, 0);
  }
  m_controller.draftChecks().setExperiment(m_controller.draft().spec(), true);
  showSubject();  // before the first picture is there
  showExperiment();
  refreshNow();
  m_is_restoring = false;
  m_view_settings = viewSettings();
}

void MainWindow::restoreSession(const SessionState& state) {
  m_controller.draft().restore(state.draft, state.draft_file, state.is_draft_modified);
  m_valid_draft = state.valid_draft;
  m_recent = state.recent;
  fillRecent();
  restoreGeometry(state.geometry);
  m_has_layout = restoreState(state.docks);
  m_toolbar->show();  // nothing else could bring it back
  fitToScreen(*this);
  m_attention->setOptions(state.attention);
  m_flow->setOptions(state.flow);
  m_flow->setChoice(state.attention.probe);
  m_flow->setRouteName(state.flow_route);
  m_predictions->setChoice(state.attention.probe);
  m_predictions->setPage(static_cast<widgets::PredictionsView::Page>(state.predictions_page));
  m_predictions->setFilter(state.predictions_filter);
  m_predictions->setGroupValue(state.predictions_losses ? widgets::GroupValue::Loss
                                                        : widgets::GroupValue::Accuracy);
  m_study->setPage(static_cast<widgets::StudyView::Page>(state.study_page));
  m_study->setChoices(state.study);
  m_weights->setChoice(state.weights);
  auto compare = m_compare_view->options();
  compare.match = state.compare_match;
  compare.align = state.compare_align;
  compare.all_seeds = state.compare_all_seeds;
  compare.seeds_at_cursor = state.compare_seeds_at_cursor;
  m_compare_view->setOptions(compare);
  m_timeline->setLogarithmic(state.is_log_time);
  m_taxonomy->setLogarithmic(state.is_log_time);
  m_taxonomy->setRowOrder(state.head_order);
  m_timeline->setSmoothing(state.smoothing);
  m_timeline->setReplayRate(state.replay_rate);
  m_experiment->setCurrentTab(static_cast<widgets::FormTab>(state.experiment_tab));
  m_is_study_wanted = state.centre_tab == m_study->objectName();
  if (auto* tab = m_tabs->findChild<QWidget*>(state.centre_tab);
      !state.centre_tab.isEmpty() && tab && !m_is_study_wanted)
    m_tabs->setCurrentWidget(tab);
  m_controller.training().setPace(state.pace);
  m_toolbar->setPace(state.pace);
  m_studies->setSeedFolds(state.folded_seeds);
  m_runs->setChoices(state.run_choices);
  std::vector<RunId> ticked;
  for (const auto& run : state.runs) {
    RunRecord& opened = m_controller.library().open(toPath(run.directory), run.name, run.colour);
    const RunId id = opened.id();
    opened.changeBookmarks(run.bookmarks);
    if (run.is_ticked)
      ticked.push_back(id);
    const bool was_training = run.was_training;
    const bool is_shown = run.directory == state.shown_run;
    if (!was_training && !is_shown)
      continue;
    if (is_shown) {
      m_pending = state;
      m_controller.showRun(id);
    }
    auto* once = new QObject(this);
    connect(&m_controller, &Controller::runLoaded, once,
            [this, once, id, was_training, is_shown, name = run.name](RunId loaded) {
              if (loaded != id)
                return;
              once->deleteLater();
              if (is_shown && m_pending) {
                refreshNow();
                m_controller.restoreCursor(m_pending->step, m_pending->is_following);
                m_attention->setOptions(m_pending->attention);
                refreshNow();
                shareCell(this, {m_pending->reader, m_pending->source});
                restoreTime(*m_pending);
                m_pending.reset();
              }
              if (was_training)
                offerInterrupted(id, name);
            });
  }
  m_compare->setTicked(ticked);
  for (const QString& path : state.studies)
    m_studies->open(path);
  restoreSteps(state.steps);
  m_controller.markRunsChanged();
}

void MainWindow::restoreTime(const SessionState& state) {
  if (state.time_range)
    m_timeline->setRange({state.time_range->first, state.time_range->second});
  if (state.loop)
    m_timeline->setLoop(widgets::Timeline::Range{state.loop->first, state.loop->second});
  m_timeline->setUnfolded(state.is_unfolded);
}

void MainWindow::offerInterrupted(RunId run_id, const QString& name) {
  const RunRecord* run = m_controller.runs().find(run_id);
  if (run == nullptr || !isInterrupted(*run))
    return;
  const auto& checkpoints = run->history().checkpoints();
  const std::int64_t from = checkpoints.empty() ? 0 : checkpoints.back();
  m_messages->showMessage(
      QStringLiteral("interrupted"), MessageBar::Kind::Warning,
      tr("%1 stopped at step %2. Continue from step %3?")
          .arg(name, widgets::formatInteger(run->lastStep()), widgets::formatInteger(from)),
      {{tr("Continue"), [this, run_id] { m_controller.continueRun(run_id, std::nullopt); }}});
}

void MainWindow::closeEvent(QCloseEvent* event) {
  const TrainingControl& training = m_controller.training();
  if (m_can_close || training.phase() == Phase::Idle) {
    saveSession();
    event->accept();
    return;
  }
  event->ignore();
  if (m_is_closing)
    return;
  auto choice = Dialogs::CloseChoice::PauseAndSave;
  if (training.isBusy()) {
    const RunRecord* run = m_controller.runs().find(training.active());
    choice = m_parts.dialogs.closeWhileTraining(this, run->name());
  }
  if (choice == Dialogs::CloseChoice::Cancel)
    return;
  m_is_closing = true;
  statusBar()->showMessage(tr("Saving…"));
  if (choice == Dialogs::CloseChoice::Stop)
    m_controller.stop();
  m_controller.training().release();
}

void MainWindow::finishClose() {
  if (!m_is_closing)
    return;
  m_can_close = true;
  close();
}

/// Closing found no place for the last checkpoint.
void MainWindow::askAboutUnsaved() {
  const RunRecord* run = m_controller.runs().find(m_controller.training().active());
  if (!m_is_closing)
    return;
  std::int64_t lost = 0;
  QString name = tr("A run that was taken out of the list");
  if (run != nullptr) {
    const auto& checkpoints = run->history().checkpoints();
    lost = run->status().step - (checkpoints.empty() ? 0 : checkpoints.back());
    name = run->name();
  }
  switch (m_parts.dialogs.closeUnsaved(this, name, lost)) {
    case Dialogs::UnsavedChoice::TryAgain:
      m_controller.training().release();
      break;
    case Dialogs::UnsavedChoice::Close:
      finishClose();
      break;
    case Dialogs::UnsavedChoice::Cancel:
      m_is_closing = false;
      break;
  }
}

}  // namespace anchorlens::app
