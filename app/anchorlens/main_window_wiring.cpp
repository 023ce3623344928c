// SPDX-License-Identifier: GPL-3.0-or-later
// What happens on a signal of a view, a panel or the toolbar.
#include "app/anchorlens/main_window.h"

#include "app/anchorlens/first_start_card.h"
#include "app/anchorlens/main_toolbar.h"
#include "app/anchorlens/message_bar.h"
#include "widgets/attention_view.h"
#include "widgets/composer/composer_view.h"
#include "widgets/flow/flow_view.h"
#include "widgets/panel_experiment.h"
#include "widgets/panel_runs.h"
#include "widgets/study_view.h"
#include "widgets/taxonomy/taxonomy_view.h"
#include "widgets/timeline.h"

#include <QDockWidget>
#include <QStatusBar>
#include <QTabWidget>

namespace anchorlens::app {

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

}  // namespace anchorlens::app
