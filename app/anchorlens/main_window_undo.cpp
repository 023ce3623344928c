// SPDX-License-Identifier: GPL-3.0-or-later
// Undo of view settings, steps of undo of the last session, and the menu of run colours.
#include "app/anchorlens/compare_control.h"
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/undo_command.h"
#include "widgets/attention_view.h"
#include "widgets/compare/compare_view.h"
#include "widgets/flow/flow_view.h"
#include "widgets/study_view.h"
#include "widgets/theme.h"
#include "widgets/timeline.h"
#include "widgets/weights/weights_view.h"

#include <QMenu>
#include <QPixmap>
#include <QStatusBar>

#include <memory>
#include <utility>

namespace anchorlens::app {

namespace {

void put(const ViewSettings& settings, widgets::AttentionOptions& options) {
  options.mode = settings.mode;
  options.values = settings.values;
  options.outlines = settings.outlines;
  options.map = settings.map;
  options.per_head = settings.per_head;
}

}  // namespace

ViewSettings MainWindow::viewSettings() const {
  const auto options = m_attention->options();
  const auto& flow = m_flow->options();
  const auto& compare = m_compare_view->options();
  const auto& weights = m_weights->choice();
  ViewSettings now;
  now.mode = options.mode;
  now.values = options.values;
  now.outlines = options.outlines;
  now.map = options.map;
  now.per_head = options.per_head;
  now.is_log_time = m_timeline->isLogarithmic();
  now.smoothing = m_timeline->smoothing();
  now.flow = {flow.hide_below, flow.heads, flow.width, m_flow->routeName()};
  now.compare = {compare.match, compare.align, compare.seeds_at_cursor};
  now.weights = {weights.norm, weights.reading, weights.all_tokens};
  now.study = m_study->choices();
  return now;
}

/// One part of them; the others stay as they are.
void MainWindow::applyViewSettings(const ViewSettings& settings, ViewPart part) {
  m_is_restoring = true;
  switch (part) {
    case ViewPart::Attention: {
      auto options = m_attention->options();
      put(settings, options);
      m_attention->setOptions(options);
      if (m_pending)
        put(settings, m_pending->attention);  // it comes once more, when the run is read
      m_study->setMap(settings.map);
      m_compare->setAttention(options);
      break;
    }
    case ViewPart::Time:
      m_timeline->setLogarithmic(settings.is_log_time);
      m_timeline->setSmoothing(settings.smoothing);
      break;
    case ViewPart::Flow: {
      auto options = m_flow->options();
      options.hide_below = settings.flow.hide_below;
      options.heads = settings.flow.heads;
      options.width = settings.flow.width;
      m_flow->setRouteName(settings.flow.route);
      m_flow->setOptions(options);
      break;
    }
    case ViewPart::Compare: {
      auto options = m_compare_view->options();
      options.match = settings.compare.match;
      options.align = settings.compare.align;
      options.seeds_at_cursor = settings.compare.seeds_at_cursor;
      m_compare_view->setOptions(options);
      m_compare->showOptions();
      showInspector();
      shareTimeAxis();
      break;
    }
    case ViewPart::Weights: {
      auto choice = m_weights->choice();
      choice.norm = settings.weights.norm;
      choice.reading = settings.weights.reading;
      choice.all_tokens = settings.weights.all_tokens;
      m_weights->setChoice(choice);
      showWeights();
      break;
    }
    case ViewPart::Study:
      m_study->setChoices(settings.study);
      break;
  }
  m_is_restoring = false;
  m_view_settings = viewSettings();
  markSession();
}

/// The program changed a part, to fit what is shown: that is no step.
void MainWindow::seeViewSettings(ViewPart part) {
  if (m_view_settings)
    copyPart(part, viewSettings(), *m_view_settings);
}

/// A step of undo for what the person changed in one part since it was last seen.
void MainWindow::noteViewSettings(ViewPart part) {
  if (!m_view_settings)
    return;
  const ViewSettings now = viewSettings();
  ViewSettings before = now;
  copyPart(part, *m_view_settings, before);
  copyPart(part, now, *m_view_settings);
  if (m_is_restoring || m_pending)
    return;
  if (before == now)
    return;
  const QString what = changeText(before, now);
  // A slider that is dragged and a box that is walked by arrow keys are one step.
  const bool is_walked = part != ViewPart::Attention && part != ViewPart::Time;
  auto command = std::make_unique<ChangeCommand<ViewSettings>>(
      what, before, now,
      [this, part](const ViewSettings& settings) { applyViewSettings(settings, part); },
      is_walked ? what : QString());
  command->skipCalls(1);  // the person did it
  m_controller.undoStack().push(command.release());
}

/// Once draft, views and list of runs are as the session had them.
void MainWindow::restoreSteps(const UndoSteps& steps) {
  DraftDocument& draft = m_controller.draft();
  const UndoState now{
      {draft.spec(), draft.fileState()}, viewSettings(), m_controller.runs().listed()};
  const std::size_t restored = restoreUndo(
      m_controller.undoStack(), now, steps,
      {[&draft](const core::ExperimentSpec& spec) { draft.apply(spec); },
       [&draft](const DraftState& state) { draft.apply(state); },
       [this](const ViewSettings& settings, ViewPart part) { applyViewSettings(settings, part); },
       [this](const RunEntry& entry) { m_controller.applyEntry(entry); }});
  if (restored < steps.count()) {
    statusBar()->showMessage(tr("%1 of %2 steps of undo of the last session cannot be read.")
                                 .arg(steps.count() - restored)
                                 .arg(steps.count()));
  }
}

/// The colour of the run that is shown.
void MainWindow::addColourMenu(QMenu* run) {
  QMenu* menu = run->addMenu(tr("Run &colour"));
  connect(menu, &QMenu::aboutToShow, this, [this, menu] {
    menu->clear();
    const RunRecord* shown = m_controller.shownRun();
    const QStringList names{tr("Blue"), tr("Orange"), tr("Yellow"), tr("Violet"), tr("Green")};
    for (int i = 0; i < widgets::Theme::kRunColours; ++i) {
      QPixmap swatch(16, 16);
      swatch.fill(m_parts.themes.theme().run(i));
      QAction* action = menu->addAction(swatch, names.value(i));
      action->setCheckable(true);
      action->setEnabled(shown != nullptr);
      action->setChecked(shown != nullptr && shown->colour() == i);
      connect(action, &QAction::triggered, this, [this, i] {
        if (const RunRecord* target = m_controller.shownRun())
          m_controller.recolourRun(target->id(), i);
      });
    }
  });
}

}  // namespace anchorlens::app
