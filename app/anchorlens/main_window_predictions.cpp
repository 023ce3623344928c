// SPDX-License-Identifier: GPL-3.0-or-later
// The Predictions tab: what it shows of frames and evaluations at once, and what is computed from
// the weights when it is looked at.
#include "app/anchorlens/evaluations.h"
#include "app/anchorlens/main_window.h"
#include "widgets/attention_view.h"
#include "widgets/flow/flow_view.h"
#include "widgets/predictions/predictions_view.h"

#include <QTabWidget>

namespace anchorlens::app {

void MainWindow::wirePredictions() {
  connect(m_predictions, &widgets::PredictionsView::choiceChanged, this,
          [this](widgets::ProbeChoice choice) {
            auto options = m_attention->options();
            options.probe = choice;
            m_attention->setOptions(options);
            shareChoice();
          });
  connect(m_predictions, &widgets::PredictionsView::evaluationWanted, this,
          &MainWindow::askPredictions);
  connect(m_predictions, &widgets::PredictionsView::pageChanged, this, &MainWindow::markSession);
  connect(m_predictions, &widgets::PredictionsView::copyRequested, this, &MainWindow::copyNumbers);
  connect(&m_controller.snapshots(), &Snapshots::slow, this,
          [this](const QString& channel, bool is_slow) {
            if (channel == kPredictionsChannel)
              m_predictions->setEvaluating(is_slow);
          });
}

void MainWindow::showPredictionsSubject() {
  m_controller.snapshots().cancel(kPredictionsChannel);
  const RunRecord* run = m_controller.shownRun();
  const RunFacts* facts = run == nullptr    ? m_controller.previewFacts()
                          : run->isLoaded() ? &run->facts()
                                            : nullptr;
  std::vector<core::GroupInfo> groups;
  if (facts != nullptr && facts->task)
    groups = facts->task->groups();
  const auto probe = m_controller.probe();
  m_predictions->setProbe(probe, std::move(groups));
  auto options = m_attention->options();
  const bool is_there = !probe || options.probe.mean ||
                        static_cast<std::size_t>(options.probe.sequence) < probe->shown.size();
  if (!is_there) {  // what was looked at is not among these: the first one instead, in all views
    options.probe = {};
    m_attention->setOptions(options);
    shareChoice();
  }
  showPredictionsHistory();
}

void MainWindow::showPredictionsHistory() {
  const RunRecord* run = m_controller.shownRun();
  if (run == nullptr || !m_predictions->isVisible())
    return;
  m_predictions->setCurves(run->groupCurves());
  showPredictionsMetrics();
}

/// Moving the cursor changes no curve.
void MainWindow::showPredictionsMetrics() {
  const RunRecord* run = m_controller.shownRun();
  if (run != nullptr && m_predictions->isVisible())
    m_predictions->setMetrics(run->metricsAt(m_controller.cursor().step()));
}

void MainWindow::askPredictions() {
  using Page = widgets::PredictionsView::Page;
  const Page page = m_predictions->page();
  const auto place = m_controller.shownPlace();
  m_is_prediction_due = false;
  if (page == Page::Sequences || !m_predictions->isVisible())
    return;
  // While the views follow a run, every step would be trained again for a picture that nobody looks
  // at long.
  if (m_controller.followsTraining()) {
    m_is_prediction_due = true;
    m_controller.snapshots().cancel(kPredictionsChannel);
    m_predictions->setProblem(tr("Computed when the run pauses, or the cursor stays."));
    return;
  }
  if (!place) {
    m_controller.snapshots().cancel(kPredictionsChannel);
    m_predictions->setProblem(weightsProblem(widgets::HeadValues::Weighted, false));
    return;
  }
  const auto failed = [this](const engine::EngineError& error) {
    m_predictions->setProblem(QString::fromStdString(error.message));
  };
  if (page == Page::Probe) {
    m_controller.snapshots().ask<widgets::ProbeSummary>(
        kPredictionsChannel, *place,
        [without = m_ablated](engine::RunSnapshot& snapshot, const std::stop_token&) {
          return summaryOf(snapshot, without);
        },
        [this, failed](const engine::Result<widgets::ProbeSummary>& summary) {
          if (!summary)
            return failed(summary.error());
          m_predictions->setProblem({});
          m_predictions->setSummary(std::make_shared<const widgets::ProbeSummary>(*summary));
        });
    return;
  }
  const auto probe = m_controller.probe();
  const auto choice = m_predictions->choice();
  if (!probe || choice.mean) {
    m_predictions->setProblem(tr("The lens reads one sequence: choose one."));
    return;
  }
  m_controller.snapshots().ask<widgets::LensData>(
      kPredictionsChannel, *place,
      [sequence = choice.sequence, probe, without = m_ablated](engine::RunSnapshot& snapshot,
                                                               const std::stop_token&) {
        return lensOf(snapshot, sequence, *probe, without);
      },
      [this, failed](const engine::Result<widgets::LensData>& lens) {
        if (!lens)
          return failed(lens.error());
        m_predictions->setProblem({});
        m_predictions->setLens(*lens);
      });
}

/// One sequence is looked at in all views.
void MainWindow::shareChoice() {
  const auto choice = m_attention->options().probe;
  m_flow->setChoice(choice);
  m_predictions->setChoice(choice);
  markSession();
}

}  // namespace anchorlens::app
