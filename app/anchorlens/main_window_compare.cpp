// SPDX-License-Identifier: GPL-3.0-or-later
// The Compare tab: ticks, its button and actions, and what makes way for it.
#include "app/anchorlens/compare_control.h"
#include "app/anchorlens/export/figure_material.h"
#include "app/anchorlens/focus_place.h"
#include "app/anchorlens/main_toolbar.h"
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/places.h"
#include "app/anchorlens/study_list.h"
#include "widgets/attention_view.h"
#include "widgets/compare/compare_figure.h"
#include "widgets/panel_inspector.h"
#include "widgets/panel_runs.h"
#include "widgets/timeline.h"

#include <QBoxLayout>
#include <QDockWidget>
#include <QStatusBar>
#include <QTabWidget>

#include <algorithm>
#include <cmath>

namespace anchorlens::app {

/// The Timeline and, under its row of controls, the curves of a comparison.
QWidget* MainWindow::buildTimelinePage(QWidget* parent) {
  auto* page = new QWidget(parent);
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  m_timeline = new widgets::Timeline(page);
  m_compare_curves = new widgets::CompareCurves(page);
  m_compare_curves->hide();
  layout->addWidget(m_timeline, 1);
  layout->addWidget(m_compare_curves, 1);
  return page;
}

void MainWindow::buildCompare() {
  m_compare =
      new CompareControl(m_controller, *m_studies, *m_compare_view, *m_compare_curves, this);
  connect(m_compare, &CompareControl::changed, this, &MainWindow::showCompare);
  connect(m_compare, &CompareControl::told, this,
          [this](const QString& text) { statusBar()->showMessage(text); });
  connect(m_compare, &CompareControl::drawn, this, [this] {
    if (m_compare_view->isVisible())
      showInspector();
  });
  connect(m_toolbar, &MainToolbar::compareToggled, m_compare, &CompareControl::setOn);
  connect(m_runs, &widgets::RunsPanel::tickToggled, this, &MainWindow::tickRun);
  connect(m_compare_view, &widgets::CompareView::optionsChanged, this, [this] {
    // Sequence, values and scale are those of the Attention tab.
    const auto wanted = m_compare_view->options();
    auto options = m_attention->options();
    if (options.probe != wanted.probe || options.values != wanted.values ||
        options.per_head != wanted.per_head) {
      options.probe = wanted.probe;
      options.values = wanted.values;
      options.per_head = wanted.per_head;
      m_attention->setOptions(options);
      shareChoice();
      noteViewSettings(ViewPart::Attention);
    }
    noteViewSettings(ViewPart::Compare);
    showInspector();
    shareTimeAxis();
    markSession();
  });
  const auto share = [this] {
    m_compare->setAttention(m_attention->options());
    if (m_compare->isOn())
      showInspector();
  };
  connect(m_attention, &widgets::AttentionView::optionsChanged, this, share);
  connect(m_attention, &widgets::AttentionView::headSelected, this, share);
  connect(m_compare_view, &widgets::CompareView::pairSelected, this, [this](int at) {
    const core::HeadPair pair =
        m_compare_view->canvas()->comparison().pairs[static_cast<std::size_t>(at)];
    if (const int head = m_compare->shownHead(pair); head >= 0)
      m_attention->selectHead(pair.layer, head);
    showInspector();
  });
  connect(m_compare_view, &widgets::CompareView::copyRequested, this, &MainWindow::copyPicture);
  connect(m_compare_view, &widgets::CompareView::seedChosen, this, [this](quint64 id) {
    if (const auto folder = m_compare->folderOfSeed(id); !folder.empty())
      m_controller.openRunHere(folder);
  });
  connect(m_compare_curves, &widgets::CompareCurves::cursorMoved, this,
          [this](std::int64_t step) { m_controller.moveCursor(m_compare->shownStepOf(step)); });
  connect(m_timeline, &widgets::Timeline::optionsChanged, this, &MainWindow::shareTimeAxis);
  connect(m_compare_curves, &widgets::CompareCurves::rangeChanged, this,
          &MainWindow::takeCompareRange);
  // Queued: steps are aligned after it was told that Compare is on.
  connect(m_compare, &CompareControl::changed, this, &MainWindow::shareTimeAxis,
          Qt::QueuedConnection);
  connect(m_tabs, &QTabWidget::currentChanged, this, [this] {
    if (!m_is_comparing)
      return;
    m_compare->follow(Dirty::Frame);  // what it missed while it was hidden
    showInspector();
  });
  m_compare->setAttention(m_attention->options());
  showCompare();
}

/// The curves of Compare have the Timeline's axis, in the steps of the first run.
void MainWindow::shareTimeAxis() {
  m_compare_curves->setLogarithmic(m_timeline->isLogarithmic());
  m_compare_curves->setSmoothing(m_timeline->smoothing());
  if (m_is_sharing_axis || !m_compare->isOn())
    return;
  const auto first = [this](double step) {
    return static_cast<double>(m_compare->firstStepOf(std::llround(step)));
  };
  const auto range = m_timeline->range();
  const widgets::Timeline::Range own{first(range.first), first(range.last)};
  m_compare_curves->setRange(
      m_timeline->showsAllTime() || own.last <= own.first ? std::nullopt : std::optional(own));
}

/// Their wheel zooms the Timeline: both stay together when Compare ends.
void MainWindow::takeCompareRange() {
  m_is_sharing_axis = true;
  const auto shown = [this](double step) {
    return static_cast<double>(m_compare->shownStepOf(std::llround(step)));
  };
  const auto range = m_compare_curves->range();
  if (m_compare_curves->showsAllTime())
    m_timeline->fitAll();
  else
    m_timeline->setRange({shown(range.first), shown(range.last)});
  m_is_sharing_axis = false;
}

void MainWindow::buildCompareActions() {
  ActionMap& a = *m_actions;
  QAction* compare = a.add(QStringLiteral("compare"), tr("&Compare ticked runs"),
                           {QStringLiteral("C")}, [this] { m_compare->setOn(!m_compare->isOn()); });
  compare->setCheckable(true);
  a.add(QStringLiteral("tick"), tr("Tick this run for Compare"), {QStringLiteral("Shift+C")},
        [this] {
          if (const RunRecord* run = m_controller.shownRun())
            tickRun(run->id());
        });
}

/// The run of a row of Runs; one of a study that is not open yet is opened, the views keep theirs.
std::optional<RunId> MainWindow::recordOf(quint64 row) {
  if (m_controller.runs().find(row) != nullptr)
    return row;
  const QString folder = m_studies->folderOf(row);
  if (folder.isEmpty())
    return std::nullopt;
  m_controller.markRunsChanged();
  return m_controller.library().open(toPath(folder)).id();
}

/// Once it is read: a comparison goes on meanwhile.
void MainWindow::tickRun(quint64 id) {
  if (const auto run_id = recordOf(id))
    whenRead(*m_controller.runs().find(*run_id),
             [this](const RunRecord& run) { m_compare->toggleTick(run.id()); });
}

/// On, off, or other ticks.
void MainWindow::showCompare() {
  const bool is_on = m_compare->isOn();
  m_runs->setRows(runRows());
  const QString why = m_compare->whyNot();
  m_toolbar->setCompare(is_on, why.isEmpty(), why);
  QAction* action = (*m_actions)[QStringLiteral("compare")];
  action->setChecked(is_on);
  action->setEnabled(why.isEmpty());
  if (is_on == m_is_comparing)
    return;
  m_is_comparing = is_on;
  // The Experiment dock makes way and comes back.
  QDockWidget* experiment = m_docks[ExperimentDock];
  auto& hidden = m_hidden_for_full_screen;
  const auto in_hidden = std::find(hidden.begin(), hidden.end(), experiment);
  if (is_on) {
    m_had_experiment = !experiment->isHidden() || in_hidden != hidden.end();
    m_docks_before_compare = dockState();
    if (in_hidden != hidden.end())
      hidden.erase(in_hidden);
    experiment->hide();
  } else if (m_had_experiment && m_before_full_screen) {
    hidden.push_back(experiment);
  } else if (m_had_experiment) {
    experiment->show();
  }
  m_timeline->setFolded(is_on);
  auto* layout = qobject_cast<QBoxLayout*>(m_compare_curves->parentWidget()->layout());
  layout->setStretchFactor(m_timeline, is_on ? 0 : 1);
  m_compare_curves->setVisible(is_on);
  if (!is_on && m_tabs->currentWidget() == m_compare_view)
    m_tabs->setCurrentWidget(m_attention);
  m_tabs->setTabVisible(m_tabs->indexOf(m_compare_view), is_on);
  if (is_on) {
    m_tabs->setCurrentWidget(m_compare_view);
    m_compare_view->canvas()->setFocus(Qt::OtherFocusReason);
  }
  showInspector();
  markSession();
}

std::vector<widgets::RunRow> MainWindow::runRows() {
  const RunRecord* shown = m_controller.shownRun();
  auto rows =
      m_studies->rows({shown != nullptr ? shown->id() : 0, m_runs->choices().isFiltering()});
  m_compare->markTicks(rows);
  return rows;
}

/// What is on screen of a comparison, for the clipboard: nothing is read.
core::Expected<widgets::Figure, QString> MainWindow::comparedOnScreen() const {
  const RunRecord& first = *m_compare->run(0);
  const auto options = m_compare_view->options();
  const auto* canvas = m_compare_view->canvas();
  widgets::Figure figure;
  figure.style.map = options.map;
  figure.style.per_head = options.per_head;
  figure.style.log_steps = m_timeline->isLogarithmic();
  figure.source = figureSource(toText(first.directory().filename()), first.facts().spec, {});
  const auto history = [this](std::size_t side) {
    return std::make_shared<const widgets::RunHistory>(m_compare->run(side)->history());
  };
  const auto note = [this](std::size_t side) {
    const widgets::RunToCompare run = m_compare->toCompare(side);
    return widgets::noteOf(run, run.history->newestStep());
  };
  if (!m_compare_view->isVisible() || hasFocusIn(m_docks[TimelineDock])) {
    figure.content = std::make_shared<widgets::CompareCurvesFigure>(
        m_compare_curves->curves(), std::array{history(0), history(1)},
        std::array{note(0), note(1)},
        widgets::TimeView{m_compare->choice().range, m_compare_curves->smoothing()});
  } else if (options.all_seeds) {
    figure.content = std::make_shared<widgets::SeedsFigure>(m_compare_view->seeds()->seeds());
  } else if (!canvas->emptyText().isEmpty()) {
    return core::Unexpected(canvas->emptyText());
  } else {
    figure.content = std::make_shared<widgets::CompareFigure>(canvas->comparison(), canvas->pair());
  }
  if (const QString problem = widgets::figureProblem(figure); !problem.isEmpty())
    return core::Unexpected(problem);
  return figure;
}

bool MainWindow::showCompareInspector() {
  if (!m_compare->isOn() || !m_compare_view->isVisible())
    return false;
  m_inspector->showRun(m_compare->inspectorTitle(), m_compare->inspectorFacts(),
                       CompareControl::inspectorTips());
  return true;
}

}  // namespace anchorlens::app
