// SPDX-License-Identifier: GPL-3.0-or-later
// Puts what the controller knows into the views. Called by its timer; nothing else sets views.
#include "app/anchorlens/callout.h"
#include "app/anchorlens/compare_control.h"
#include "app/anchorlens/first_start_card.h"
#include "app/anchorlens/main_toolbar.h"
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/message_bar.h"
#include "app/anchorlens/places.h"
#include "app/anchorlens/study_list.h"
#include "app/anchorlens/study_presenter.h"
#include "app/anchorlens/task_export_dialog.h"
#include "engine/core/experiment/choices.h"
#include "engine/session/import_run.h"
#include "widgets/attention_view.h"
#include "widgets/composer/composer_view.h"
#include "widgets/flow/flow_view.h"
#include "widgets/number_format.h"
#include "widgets/panel_experiment.h"
#include "widgets/panel_facts.h"
#include "widgets/panel_inspector.h"
#include "widgets/panel_runs.h"
#include "widgets/predictions/predictions_view.h"
#include "widgets/taxonomy/taxonomy_view.h"
#include "widgets/timeline.h"
#include "widgets/timeline_plot.h"

#include <QComboBox>
#include <QDockWidget>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTabWidget>

namespace anchorlens::app {

using widgets::formatInteger;

/// In this order; each at the changes that it shows.
void MainWindow::buildRefresh() {
  using enum Dirty;
  const auto on = [this](DirtyFlags when, void (MainWindow::*step)()) {
    m_refresh.add(when, [this, step](DirtyFlags) { (this->*step)(); });
  };
  on(Subject, &MainWindow::showSubject);
  on(Phase, &MainWindow::showDevices);
  on(Subject | Phase | Checks | Runs, &MainWindow::showRunKeys);  // before what takes long
  on(Subject | Frame, &MainWindow::showFrame);
  m_refresh.add(Subject | History, [this](DirtyFlags) { m_timeline->historyChanged(); });
  m_refresh.add(Subject | History, [this](DirtyFlags) { m_taxonomy->historyChanged(); });
  m_refresh.add(Subject | History | Cursor, [this](DirtyFlags dirty) {
    if (dirty & (Subject | History))
      showPredictionsHistory();
    else
      showPredictionsMetrics();
  });
  on(Subject | Frame | Cursor | History, &MainWindow::showTimeline);
  on(Subject | Frame | Cursor | History | Phase, &MainWindow::askAttention);
  on(Subject | Frame | Cursor | History | Phase, &MainWindow::askFlow);
  on(Subject | Frame | Cursor | History, &MainWindow::showWeights);
  m_refresh.add(kAllDirty, [this](DirtyFlags dirty) { m_compare->follow(dirty); });
  m_refresh.add(Subject | Frame | Phase | Cursor | History | Runs, [this](DirtyFlags dirty) {
    if (dirty & (Subject | Frame | Phase) || m_is_comparing)
      showInspector();
  });
  m_refresh.add(Phase | Cursor, [this](DirtyFlags) {
    if (m_is_prediction_due)
      askPredictions();
  });
  on(Phase | Cursor, &MainWindow::showCausal);
  on(Phase | Cursor | Runs, &MainWindow::showInterventions);
  on(Subject | Experiment | Phase, &MainWindow::showExperiment);
  m_refresh.add(Subject | Checks,
                [this](DirtyFlags) { m_composer->setChecks(m_controller.draftChecks().checks()); });
  on(Subject | Checks, &MainWindow::showChecks);
  m_refresh.add(Subject | Runs, [this](DirtyFlags) {
    m_runs->setRows(runRows());  // which rows there are follows the run that is shown, too
    m_runs->select(m_controller.isDraftShown() ? 0 : m_controller.shownRun()->id());
  });
  on(Subject | Readouts | Phase | Checks | Experiment, &MainWindow::showReadouts);
  m_refresh.add(Subject | Cursor | Runs, [this](DirtyFlags) { m_study_presenter->follow(); });
  on(Subject | Runs | Frame, &MainWindow::showStatusFacts);
  on(Subject | Cursor | Runs, &MainWindow::markSession);
  m_refresh.add(kAllDirty, [this](DirtyFlags) { m_timeline->refresh(); });
}

void MainWindow::refreshNow() {
  m_controller.tick();
  m_refresh.finish();
}

void MainWindow::showSubject() {
  const RunRecord* run = m_controller.shownRun();
  if (m_pending && (run == nullptr || toText(run->directory()) != m_pending->shown_run))
    m_pending.reset();  // another one was chosen before the last session's was read
  m_attention_asked.reset();
  m_attention->setProbe(m_controller.probe());
  m_cut_edges.clear();
  m_flow_asked.reset();
  m_flow->setProbe(m_controller.probe());
  showPredictionsSubject();
  m_timeline->setHistory(run != nullptr ? &run->history() : nullptr);
  m_timeline->setBookmarks(run != nullptr ? run->bookmarks() : std::vector<core::Bookmark>{});
  m_taxonomy->setHistory(run != nullptr ? &run->history() : nullptr);
  const bool is_first_start = run == nullptr && m_controller.runs().isEmpty();
  m_card->setVisible(is_first_start);
  const int page = run != nullptr ? 0 : 1;
  if (page != m_timeline_pages->currentIndex()) {
    m_timeline_pages->setCurrentIndex(page);
    constexpr int kRail = 34;
    constexpr int kLeast = 200;
    m_timeline_pages->setMinimumHeight(page == 1 ? kRail : kLeast);
    // The dock as well: with other docks hidden it would take what is left of the height.
    for (QWidget* widget : std::initializer_list<QWidget*>{m_timeline_pages, m_docks[TimelineDock]})
      widget->setMaximumHeight(page == 1 ? kRail : QWIDGETSIZE_MAX);
    resizeDocksToSet();
  }
  m_timeline_rail->setText(
      tr("<span style=\"font-weight:600\">Timeline</span>&nbsp;&nbsp;&nbsp;No steps yet. Curves "
         "and head "
         "scores appear here after Run."));
  updateTitle();
}

void MainWindow::showFrame() {
  const FramePtr& frame = m_controller.frame();
  m_attention->setEmptyText(m_controller.framePlaceholder());
  const bool is_untrained = frame && frame->step == 0;
  m_attention->setNote(is_untrained ? tr("untrained") : QString());
  m_attention->setFrame(frame, m_controller.frameLabels());
  m_flow->setEmptyText(m_controller.framePlaceholder());
  const QString placeholder = m_controller.framePlaceholder();
  m_predictions->setEmptyText(frame ? tr("This run kept no predictions.") : placeholder);
  const bool is_draft = m_controller.isDraftShown();
  m_taxonomy->setEmptyText(is_draft ? tr("Labels of heads appear here after Run.") : placeholder);
  m_predictions->setFrame(frame);
  m_flow->setFrame(frame, m_controller.frameLabels(),
                   m_controller.shownExperiment().model.residual);
  if (frame && frame->mean.n == 0 && m_predictions->choice().mean) {
    auto options = m_attention->options();
    options.probe = {};  // there is no mean to look at: the first sequence instead, in all views
    m_attention->setOptions(options);
    shareChoice();
  }
}

void MainWindow::showTimeline() {
  const RunRecord* run = m_controller.shownRun();
  if (run == nullptr)
    return;
  const TimeCursor& cursor = m_controller.cursor();
  const bool is_live = run->state() == core::RunState::Training;
  m_timeline->setCursor(cursor.step());
  m_taxonomy->setCursor(cursor.step());
  m_timeline->setLive(is_live ? std::optional(run->lastStep()) : std::nullopt);
  m_timeline->setFollowLive(cursor.isFollowing());
  m_toolbar->setFollowing(cursor.isFollowing(), is_live);
}

void MainWindow::showInspector() {
  showCausal();
  showInterventions();
  enableCut();
  const RunRecord* run = m_controller.shownRun();
  const FramePtr& frame = m_controller.frame();
  const auto probe = m_controller.probe();
  const auto options = m_attention->options();
  const auto& spec = m_controller.shownExperiment();
  const auto index = static_cast<std::size_t>(options.layer * spec.model.n_heads + options.head);
  if (showCompareInspector() || showFlowInspector())
    return;
  if (frame && probe && options.layer >= 0 && index < frame->scores.size()) {
    widgets::InspectedHead head;
    head.layer = options.layer;
    head.head = options.head;
    head.step = frame->step;
    head.scores = frame->scores[index];
    const auto labels = m_controller.frameLabels();
    head.label = index < labels.size()
                     ? labels[index]
                     : core::labelOf(head.scores, m_controller.runs().thresholds());
    head.thresholds = m_controller.runs().thresholds();
    head.roles = probe->roles;
    head.probe_size = probe->probe_size;
    if (run != nullptr && head.label.label)
      head.emergence = run->history().emergence(head.layer, head.head, *head.label.label);
    m_inspector->showHead(head);
    return;
  }
  if (run == nullptr) {
    m_inspector->showText(m_controller.framePlaceholder());
    return;
  }
  const auto accuracy = run->testAccuracy();
  m_inspector->showRun(
      run->name(),
      {{tr("State"), widgets::runStatusText(run->state(), run->status().step)},
       {tr("Steps"), formatInteger(run->status().step) + QStringLiteral(" / ") +
                         formatInteger(run->status().total_steps)},
       {tr("Test accuracy"), accuracy ? widgets::formatAccuracy(*accuracy) : QStringLiteral("–")},
       {tr("Frames"), formatInteger(static_cast<std::int64_t>(run->history().frames().size()))},
       {tr("Checkpoints"),
        formatInteger(static_cast<std::int64_t>(run->history().checkpoints().size()))},
       {tr("Changed"), changedText().isEmpty() ? QStringLiteral("–") : changedText()}});
}

QString MainWindow::runLine(const RunRecord& run) const {
  QString state;
  switch (run.state()) {
    case core::RunState::Training:
      state = isInterrupted(run) ? tr("interrupted") : tr("training");
      break;
    case core::RunState::Paused:
      state = tr("paused");
      break;
    case core::RunState::Finished:
      state = tr("finished");
      break;
    case core::RunState::Stopped:
      state = tr("stopped");
      break;
    case core::RunState::Failed:
      state = tr("failed");
      break;
    case core::RunState::Created:
      return tr("Settings of %1").arg(run.name());
  }
  return m_is_compact ? tr("%1, %2").arg(run.name(), state)
                      : tr("Settings of %1, %2").arg(run.name(), state);
}

core::SpecErrors MainWindow::draftProblems() const {
  core::SpecErrors all = m_composer->textProblems();
  const core::SpecErrors form = m_experiment->textProblems();
  const core::SpecErrors& checked = m_controller.draftChecks().checks().problems;
  all.insert(all.end(), form.begin(), form.end());
  all.insert(all.end(), checked.begin(), checked.end());
  return all;
}

/// The first problem in words, and how many more there are.
QString MainWindow::problemText() const {
  const core::SpecErrors problems = draftProblems();
  if (problems.empty())
    return {};
  const QString first = QString::fromStdString(problems.front().message);
  const std::size_t more = problems.size() - 1;
  return more == 0 ? first : tr("%1 (and %2 more)").arg(first).arg(more);
}

void MainWindow::countUnreadTexts() {
  if (!m_experiment->isReadOnly())
    m_controller.setUnreadTexts(
        static_cast<int>(m_composer->textProblems().size() + m_experiment->textProblems().size()));
}

void MainWindow::showExperiment() {
  const RunRecord* run = m_controller.shownRun();
  if (m_task_export != nullptr)
    m_task_export->setExperiment(m_controller.shownExperiment());
  if (run == nullptr) {
    const auto& draft = m_controller.draft();
    const QString file = QFileInfo(draft.file()).fileName();
    m_composer->showDraft(draft.spec());
    m_experiment->showDraft(draft.spec(), file.isEmpty() ? tr("not yet run") : file);
    m_toolbar->setDevice(QString::fromStdString(draft.spec().training.device));
    countUnreadTexts();
    return;
  }
  // Until its facts have come, a run that was just started shows the draft that it was made of.
  m_experiment->showRun(m_controller.shownExperiment(), runLine(*run), true);
  m_composer->showRun(m_controller.shownExperiment(), runLine(*run));
}

void MainWindow::showComposer() {
  m_tabs->setCurrentWidget(m_composer);
  m_composer->focusPattern();
}

void MainWindow::showChecks() {
  const auto& checks = m_controller.draftChecks();
  m_experiment->setChecks(checks.checks());
  m_experiment->setSpeed(m_controller.speed());
  if (m_controller.isDraftShown() && checks.isCurrent() && checks.checks().problems.empty())
    m_valid_draft = m_controller.draft().spec();
}

/// Once, when the engine has told them.
void MainWindow::showDevices() {
  const auto& engine = m_controller.training().engine();
  if (engine && m_toolbar->deviceBox()->property("engine").toBool() == false) {
    m_toolbar->deviceBox()->setProperty("engine", true);
    m_toolbar->setDevices(engine->devices, QString::fromStdString(engine->cuda_reason));
    m_toolbar->setDevice(QString::fromStdString(m_controller.draft().spec().training.device));
  }
}

void MainWindow::showRunKeys() {
  m_toolbar->setRunAction(m_controller.runAction(), runTip());
  m_toolbar->setStepEnabled(m_controller.canStep());
  m_toolbar->setStopEnabled(m_controller.canStop());
  (*m_actions)[QStringLiteral("run")]->setEnabled(m_toolbar->runButton()->isEnabled());
  (*m_actions)[QStringLiteral("step")]->setEnabled(m_controller.canStep());
  (*m_actions)[QStringLiteral("stop")]->setEnabled(m_controller.canStop());
  const RunRecord* run = m_controller.shownRun();
  const bool has_run = run != nullptr && run->isLoaded();
  (*m_actions)[QStringLiteral("fork")]->setEnabled(has_run &&
                                                   !run->history().checkpoints().empty());
  (*m_actions)[QStringLiteral("rename")]->setEnabled(run != nullptr);
  (*m_actions)[QStringLiteral("copy-settings")]->setEnabled(has_run);
  (*m_actions)[QStringLiteral("open-folder")]->setEnabled(run != nullptr);
  (*m_actions)[QStringLiteral("remove-run")]->setEnabled(
      run != nullptr && !(run->isOurs() && run->state() == core::RunState::Training));
}

QString MainWindow::runTip() const {
  const RunAction action = m_controller.runAction();
  if (action == RunAction::Run)
    return tr("Train as %1 (Space)").arg(runNameOf(m_controller.newDirectory()));
  if (action == RunAction::Pause)
    return tr("Pause (Space)");
  if (action != RunAction::None)
    return {};
  if (m_controller.isDraftShown())
    return problemText();
  const RunRecord* run = m_controller.shownRun();
  if (run->isLoaded() && run->facts().is_foreign)
    return QString::fromUtf8(engine::kForeignText);
  if (run->status().held && !run->isOurs())
    return tr("Trained by another program: %1").arg(QString::fromStdString(run->status().holder));
  return tr("This run cannot be continued.");
}

void MainWindow::showReadouts() {
  const bool is_training = m_controller.training().phase() == Phase::Running;
  const bool is_busy = m_controller.training().isBusy();
  QString problem;
  if (m_controller.isDraftShown() && !is_busy && !m_experiment->isReadOnly()) {
    const int count = static_cast<int>(draftProblems().size());
    const auto tab = m_experiment->firstProblemTab();
    if (count > 0) {
      const QString place = !m_composer->textProblems().empty() ? tr("the Composer")
                            : tab                               ? widgets::formTabName(*tab)
                                                                : tr("the draft");
      problem = count == 1 ? tr("1 problem in %1").arg(place)
                           : tr("%1 problems, the first in %2").arg(count).arg(place);
    }
  }
  m_toolbar->setProblem(problem, problemText());
  if (m_controller.isDraftShown() && !is_busy) {
    const auto& spec = m_controller.draft().spec();
    const QString length =
        spec.training.steps ? tr("%1 steps").arg(formatInteger(*spec.training.steps))
                            : tr("%1 epochs").arg(formatInteger(spec.training.epochs.value_or(0)));
    const auto count = [](int n, const QString& one, const QString& many) {
      return QString::number(n) + QLatin1Char(' ') + (n == 1 ? one : many);
    };
    m_toolbar->setReadyText(tr("Ready: %1, %2, %3, %4")
                                .arg(QString::fromStdString(spec.name),
                                     count(spec.model.n_layers, tr("layer"), tr("layers")),
                                     count(spec.model.n_heads, tr("head"), tr("heads")), length));
  } else {
    m_toolbar->setReadouts(m_controller.readouts(), is_training);
  }
}

void MainWindow::showStatusFacts() {
  const auto& spec = m_controller.shownExperiment();
  QStringList facts{
      tr("Probe: %1 sequences, seed %2").arg(formatInteger(spec.probe.size)).arg(spec.probe.seed)};
  if (const RunRecord* run = m_controller.shownRun()) {
    const auto frames = static_cast<double>(run->history().frames().size());
    facts.append(tr("Frames %1 (%2)")
                     .arg(formatInteger(static_cast<std::int64_t>(frames)),
                          widgets::formatBytes(frames * static_cast<double>(core::frameBytes(
                                                            m_controller.shownExperiment())))));
  }
  // What is not the usual is said in a narrow window too.
  const bool is_float32 = spec.training.precision == core::TrainingSpec::Precision::Float32;
  const std::string_view name = core::choiceName(core::kPrecisions, spec.training.precision);
  const QString precision = QString::fromUtf8(name);
  if (!m_is_compact)
    facts.append(tr("%1, deterministic").arg(precision));
  else if (!is_float32)
    facts.append(precision);
  if (const QString changed = changedText(); !changed.isEmpty())
    facts.prepend(tr("Changed: %1").arg(changed));
  m_status_facts->setText(facts.join(QStringLiteral("     ")));
}

void MainWindow::updateTitle() {
  const RunRecord* run = m_controller.shownRun();
  const DraftDocument& draft = m_controller.draft();
  const QString file = QFileInfo(draft.file()).completeBaseName();
  const QString name = run != nullptr   ? run->name()
                       : file.isEmpty() ? QString::fromStdString(draft.spec().name)
                                        : file;
  const QString mark = run == nullptr && draft.isModified() ? QStringLiteral(" •") : QString();
  setWindowTitle(name + mark + QStringLiteral(" — Anchorlens"));
}

QString MainWindow::statusText() const {
  return statusBar()->currentMessage();
}

void MainWindow::pointAtEmergence(int layer, int head, core::Label label) {
  if (m_parts.settings.has_seen_emergence || !isVisible() || !m_timeline->isVisible())
    return;
  m_timeline->refresh();
  if (m_timeline->stripRect(layer, head).isEmpty())
    return;
  m_parts.settings.has_seen_emergence = true;
  writeSettings(m_parts.settings_file, m_parts.settings);
  const QString what = label == core::Label::Shift
                           ? tr("Layer %1 head %2 now reads the previous position: a shift. Its "
                                "strip shows the score over time.")
                           : tr("Layer %1 head %2 now reads one token from later positions: a "
                                "broadcast. Its strip shows the score over time.");
  auto* callout = new Callout(what.arg(layer).arg(head), m_parts.themes.theme(), this);
  const auto point = [this, callout, layer, head, step = m_controller.cursor().step()] {
    const QRect now = m_timeline->stripRect(layer, head);
    if (now.isEmpty())
      return;
    const int x = static_cast<int>(m_timeline->xOfStep(step));
    callout->pointAt(m_timeline->mapTo(this, QPoint(x, now.top() + 4)));
  };
  point();
  // The time axis grows under it.
  connect(m_timeline->plot(), &widgets::TimelinePlot::geometryChanged, callout, [callout, point] {
    if (callout->isVisible())
      point();
  });
}

void MainWindow::onRunFailed(RunId run_id) {
  const RunRecord* run = m_controller.runs().find(run_id);
  const QString reason =
      !run->problem().isEmpty() ? run->problem() : QString::fromStdString(run->status().reason);
  std::vector<MessageBar::Action> actions;
  if (run->isLoaded() && !run->history().checkpoints().empty()) {
    actions.emplace_back(tr("Open last checkpoint"), [this, run_id] {
      m_controller.showRun(run_id);
      if (const RunRecord* shown = m_controller.shownRun())
        m_controller.moveCursor(shown->history().checkpoints().back());
    });
    actions.emplace_back(tr("Copy settings"),
                         [this, run_id] { m_controller.copySettings(run_id); });
  }
  m_messages->showMessage(QStringLiteral("failed"), MessageBar::Kind::Problem,
                          run->name() + QStringLiteral(": ") + reason, actions);
}

}  // namespace anchorlens::app
