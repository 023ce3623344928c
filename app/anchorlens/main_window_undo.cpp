// SPDX-License-Identifier: GPL-3.0-or-later
// Undo of view settings, steps of undo of the last session, and the menu of run colours.
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/undo_command.h"
#include "widgets/attention_view.h"
#include "widgets/study_view.h"
#include "widgets/theme.h"
#include "widgets/timeline.h"

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
  return {options.mode,           options.values,
          options.outlines,       options.map,
          options.per_head,       m_timeline->isLogarithmic(),
          m_timeline->smoothing()};
}

void MainWindow::applyViewSettings(const ViewSettings& settings) {
  m_is_restoring = true;
  auto options = m_attention->options();
  put(settings, options);
  m_attention->setOptions(options);
  if (m_pending)
    put(settings, m_pending->attention);  // it comes once more, when the run is read
  m_study->setMap(settings.map);
  m_timeline->setLogarithmic(settings.is_log_time);
  m_timeline->setSmoothing(settings.smoothing);
  m_is_restoring = false;
  m_view_settings = viewSettings();
  markSession();
}

/// A step of undo for what the person changed since the settings were last seen.
void MainWindow::noteViewSettings() {
  const ViewSettings now = viewSettings();
  const auto before = std::exchange(m_view_settings, now);
  if (!before || *before == now || m_is_restoring || m_pending)
    return;
  const QString what = before->mode != now.mode             ? tr("change map or lines")
                       : before->values != now.values       ? tr("change values")
                       : before->outlines != now.outlines   ? tr("change outlines")
                       : before->map != now.map             ? tr("change colours of maps")
                       : before->per_head != now.per_head   ? tr("change scale")
                       : before->smoothing != now.smoothing ? tr("change smoothing")
                                                            : tr("change time axis");
  auto command = std::make_unique<ChangeCommand<ViewSettings>>(
      what, *before, now, [this](const ViewSettings& settings) { applyViewSettings(settings); });
  command->skipCalls(1);  // the person did it
  m_controller.undoStack().push(command.release());
}

/// Once draft, views and list of runs are as the session had them.
void MainWindow::restoreSteps(const UndoSteps& steps) {
  DraftDocument& draft = m_controller.draft();
  const UndoState now{
      {draft.spec(), draft.fileState()}, viewSettings(), m_controller.runs().listed()};
  const std::size_t restored =
      restoreUndo(m_controller.undoStack(), now, steps,
                  {[&draft](const core::ExperimentSpec& spec) { draft.apply(spec); },
                   [&draft](const DraftState& state) { draft.apply(state); },
                   [this](const ViewSettings& settings) { applyViewSettings(settings); },
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
