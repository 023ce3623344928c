// SPDX-License-Identifier: GPL-3.0-or-later
// Taking things out of the views: numbers, clipboard, the Export dialog.
#include "app/anchorlens/compare_control.h"
#include "app/anchorlens/export/export_dialog.h"
#include "app/anchorlens/focus_place.h"
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/study_list.h"
#include "app/anchorlens/study_presenter.h"
#include "app/anchorlens/task_export_dialog.h"
#include "app/anchorlens/weights_control.h"
#include "engine/core/experiment_json.h"
#include "engine/core/task_text.h"
#include "widgets/attention_view.h"
#include "widgets/compare/compare_curves.h"
#include "widgets/compare/compare_view.h"
#include "widgets/composer/composer_view.h"
#include "widgets/flow/flow_view.h"
#include "widgets/number_dialog.h"
#include "widgets/panel_experiment.h"
#include "widgets/panel_inspector.h"
#include "widgets/panel_runs.h"
#include "widgets/panel_runs_numbers.h"
#include "widgets/predictions/predictions_view.h"
#include "widgets/study_view.h"
#include "widgets/taxonomy/taxonomy_view.h"
#include "widgets/timeline.h"
#include "widgets/timeline_plot.h"
#include "widgets/weights/weights_view.h"

#include <QApplication>
#include <QClipboard>
#include <QDockWidget>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QStatusBar>
#include <QTableWidget>

#include <algorithm>

namespace anchorlens::app {

widgets::NumberTable MainWindow::numbersOfFocus() const {
  const RunRecord* run = m_controller.shownRun();
  if (hasFocusIn(m_docks[ExperimentDock]))
    return m_experiment->sampleNumbers();
  if (hasFocusIn(m_composer))
    return m_composer->sampleNumbers();
  if (m_is_comparing && hasFocusIn(m_docks[TimelineDock]))
    return m_compare_curves->numbers();
  if (run != nullptr && hasFocusIn(m_docks[TimelineDock]))
    return m_timeline->plot()->numbers();
  if (hasFocusIn(m_docks[RunsDock])) {
    const auto rows = m_studies->rows({run != nullptr ? run->id() : 0, true});
    return widgets::runNumbers(widgets::arrangeRuns(rows, m_runs->choices()).rows);
  }
  if (hasFocusIn(m_docks[InspectorDock]))
    return m_inspector->numbers();
  if (m_compare_view->isVisible())
    return m_compare_view->numbers();
  if (m_weights->isVisible())
    return m_weights->numbers();
  if (m_study->isVisible())
    return m_study->numbers();
  if (m_predictions->isVisible())
    return m_predictions->numbers();
  if (m_taxonomy->isVisible())
    return m_taxonomy->numbers();
  return m_flow->isVisible() ? m_flow->numbers() : m_attention->numbers();
}

void MainWindow::showNumbers() {
  auto* dialog = new widgets::NumberDialog(numbersOfFocus(), this);
  dialog->show();
}

ExportSource MainWindow::exportSource() const {
  const RunRecord* run = m_controller.shownRun();
  const auto options = m_attention->options();
  ExportSource source;
  source.run_name = run != nullptr ? run->name() : tr("draft");
  source.probe = m_controller.probe();
  source.step = m_controller.frame() ? m_controller.frame()->step : 0;
  source.frame = {m_controller.frame(), m_controller.frameLabels()};
  source.has_without = m_pictured == m_ablated;
  // While they wait for another answer, the views keep the one before.
  const Snapshots& snapshots = m_controller.snapshots();
  if (!snapshots.isBusy(kAttentionChannel))
    source.evaluated = m_attention->evaluated();
  if (!snapshots.isBusy(kFlowChannel))
    source.moved = m_flow->evaluated();
  source.weights = m_weights->picture();
  if (!snapshots.isBusy(kPredictionsChannel)) {
    source.summary = m_predictions->summary()->summary();
    source.lens = m_predictions->lens()->data();
  }
  ExportOrder& order = source.order;
  order.spec = m_controller.shownExperiment();
  order.without = m_ablated;
  order.choice = options.probe;
  order.layer = options.layer;
  order.head = options.head;
  order.values = options.shown;
  order.typed = options.is_typed ? options.typed : QString();
  order.style.map = options.map;
  order.style.per_head = options.per_head;
  order.style.log_steps = m_timeline->isLogarithmic();
  order.time.smoothing = m_timeline->smoothing();
  if (const auto range = m_timeline->range(); !m_timeline->showsAllTime())
    order.time.range = widgets::stepsAround(range.first, range.last);
  order.flow = m_flow->options();
  order.route = m_flow->routeName();
  order.thresholds = m_controller.runs().thresholds();
  order.weights = m_weights->choice();
  order.plot = m_weights->focusedPlot();
  order.study = m_study_presenter->figure();
  order.compare = m_compare->choice();
  if (run != nullptr) {
    order.directory = run->directory();
    // Not a copy: long runs have large ones. It is looked at before this returns to the event loop.
    source.bookmarks = run->bookmarks();
    source.history = {std::shared_ptr<const void>(), &run->history()};
    if (run->isLoaded()) {
      source.interventions = run->facts().interventions;
      if (run->facts().task)
        source.groups = run->facts().task->groups();
    }
    if (const core::Metrics* evaluation = run->metricsAt(source.step))
      source.evaluation = *evaluation;
    source.group_curves = run->groupCurves();
  }
  source.study_folder = m_study_presenter->folder();
  return source;
}

void MainWindow::wireTaxonomy() {
  connect(m_taxonomy, &widgets::TaxonomyView::headSelected, m_attention,
          &widgets::AttentionView::selectHead);
  connect(m_taxonomy, &widgets::TaxonomyView::rowOrderChanged, this, &MainWindow::markSession);
  connect(m_taxonomy, &widgets::TaxonomyView::stepChosen, &m_controller, &Controller::moveCursor);
  connect(m_taxonomy, &widgets::TaxonomyView::thresholdsAccepted, this,
          [this](const core::LabelThresholds& thresholds) {
            m_parts.settings.thresholds = thresholds;
            writeSettings(m_parts.settings_file, m_parts.settings);
            m_attention->setThresholds(thresholds);
            m_controller.setThresholds(thresholds);
            statusBar()->showMessage(tr("Labels of all runs go by these thresholds now."));
          });
}

/// What the focus, or else the tab in front, shows; nothing is read for it but causal tests.
core::Expected<widgets::Figure, QString> MainWindow::pictureOnScreen() const {
  const bool is_compared =
      m_compare_view->isVisible() || (m_is_comparing && hasFocusIn(m_docks[TimelineDock]));
  return is_compared ? comparedOnScreen()
                     : figureOnScreen(exportSource(), *exportKind(kindOnScreen()));
}

void MainWindow::copyPicture() {
  // In a text field Ctrl+C is the field's own.
  if (hasFocusIn(m_docks[RunsDock])) {
    if (m_controller.shownRun() != nullptr) {
      QApplication::clipboard()->setText(
          QString::fromStdString(core::writeExperiment(m_controller.shownExperiment())));
      statusBar()->showMessage(tr("Settings copied."));
    }
    return;
  }
  if (hasFocusIn(m_composer)) {
    QApplication::clipboard()->setText(
        QString::fromStdString(core::writeTask(m_controller.shownExperiment())));
    statusBar()->showMessage(tr("Task copied: Edit > Paste task takes it back."));
    return;
  }
  const auto figure = pictureOnScreen();
  if (!figure) {
    statusBar()->showMessage(figure.error());
    return;
  }
  if (m_weights->isVisible() && !hasFocusIn(m_docks[TimelineDock])) {
    m_weights_control->copy(*figure);
    return;
  }
  QApplication::clipboard()->setMimeData(widgets::figureMimeData(*figure));
  const QString& without = figure->source.without;
  statusBar()->showMessage(without.isEmpty() ? tr("Picture copied.")
                                             : tr("Picture copied, %1.").arg(without));
}

/// The kind of figure that the focus, or else the tab in front, shows.
QString MainWindow::kindOnScreen() const {
  if (hasFocusIn(m_docks[TimelineDock]))
    return m_is_comparing ? QStringLiteral("compare-curves") : QStringLiteral("curves");
  if (m_compare_view->isVisible())
    return m_compare_view->options().all_seeds ? QStringLiteral("seeds")
                                               : QStringLiteral("compare");
  if (m_study->isVisible())
    return m_study_presenter->kind();
  if (m_flow->isVisible())
    return QStringLiteral("flow");
  if (m_weights->isVisible()) {
    if (!m_weights->focusedPlot().isEmpty())
      return QStringLiteral("plot");
    return m_weights->choice().page == widgets::WeightsPage::Circuits ? QStringLiteral("circuits")
                                                                      : QStringLiteral("weights");
  }
  if (m_taxonomy->isVisible())
    return hasFocusIn(m_taxonomy->table()) ? QStringLiteral("head-table")
                                           : QStringLiteral("ribbons");
  if (m_predictions->isVisible()) {
    switch (m_predictions->page()) {
      case widgets::PredictionsView::Page::Probe:
        return QStringLiteral("probe");
      case widgets::PredictionsView::Page::Lens:
        return QStringLiteral("lens");
      case widgets::PredictionsView::Page::Sequences:
        break;
    }
    if (!hasFocusIn(m_predictions->groups()))
      return QStringLiteral("predictions");
    return m_predictions->groupValue() == widgets::GroupValue::Loss ? QStringLiteral("group-losses")
                                                                    : QStringLiteral("groups");
  }
  return hasFocusIn(m_attention->grid()) ? QStringLiteral("heads") : QStringLiteral("head");
}

void MainWindow::copyNumbers() {
  QApplication::clipboard()->setText(numbersOfFocus().tsv());
  const QString without = takenAway();
  statusBar()->showMessage(without.isEmpty() ? tr("Numbers copied.")
                                             : tr("Numbers copied, %1.").arg(without));
}

/// What the numbers of the focus, or else of the tab in front, are without; empty: nothing.
QString MainWindow::takenAway() const {
  const bool is_of_views =
      !hasFocusIn(m_composer) && std::none_of(m_docks.begin(), m_docks.end(), hasFocusIn);
  return is_of_views && exportKind(kindOnScreen())->takesWithout() ? withoutText(m_pictured)
                                                                   : QString();
}

void MainWindow::pasteTask() {
  if (!m_composer->isVisible()) {
    statusBar()->showMessage(
        m_actions->withKeyInUse(tr("A pattern or a task can be pasted in the Composer (Ctrl+1)")));
    return;
  }
  QString problem;
  if (!m_composer->paste(QApplication::clipboard()->text(), &problem))
    statusBar()->showMessage(problem);
}

void MainWindow::showExport() {
  if (m_export == nullptr) {
    m_export = new ExportDialog(m_parts.dialogs, this);
    m_export->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_export, &ExportDialog::finished, this,
            [this](const QString& message) { statusBar()->showMessage(message); });
  }
  m_export->setSource(exportSource());
  const bool is_of_heads = kindOnScreen() == QLatin1String("head");
  m_export->setKind(is_of_heads ? QStringLiteral("heads") : kindOnScreen());
  m_export->show();
  m_export->raise();
  m_export->activateWindow();
}

void MainWindow::showTaskExport() {
  if (m_task_export == nullptr) {
    m_task_export = new TaskExportDialog(m_parts.dialogs, this);
    connect(m_task_export, &TaskExportDialog::told, this,
            [this](const QString& message) { statusBar()->showMessage(message); });
  }
  m_task_export->setExperiment(m_controller.shownExperiment());
  m_task_export->show();
  m_task_export->raise();
  m_task_export->activateWindow();
}

ExportDialog* MainWindow::exportDialog() const {
  return m_export;
}

}  // namespace anchorlens::app
