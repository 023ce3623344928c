// SPDX-License-Identifier: GPL-3.0-or-later
// Undo of what is neither the draft nor in the list of runs: view settings and run colours.
#include "app/anchorlens/main_window.h"
#include "widgets/attention_view.h"
#include "widgets/study_view.h"
#include "widgets/theme.h"
#include "widgets/timeline.h"

#include <QMenu>
#include <QPixmap>
#include <QUndoCommand>

#include <functional>
#include <utility>

namespace anchorlens::app {

namespace {

/// Calls one of two functions; the first redo is what was done already.
class CallCommand : public QUndoCommand {
 public:
  CallCommand(const QString& text, std::function<void()> undo, std::function<void()> redo)
      : QUndoCommand(text), m_undo(std::move(undo)), m_redo(std::move(redo)) {}
  void undo() override { m_undo(); }
  void redo() override {
    if (std::exchange(m_is_done, false))
      return;
    m_redo();
  }

 private:
  std::function<void()> m_undo;
  std::function<void()> m_redo;
  bool m_is_done = true;
};

}  // namespace

struct MainWindow::ViewSettings {
  widgets::HeadView::Mode mode = widgets::HeadView::Mode::Map;
  bool values = true;
  bool outlines = true;
  widgets::ColourMap map = widgets::ColourMap::Viridis;
  bool per_head = false;
  bool is_log_time = false;
  int smoothing = 0;
  bool operator==(const ViewSettings&) const = default;
};

MainWindow::ViewSettings MainWindow::viewSettings() const {
  const auto options = m_attention->options();
  return {options.mode,           options.values,
          options.outlines,       options.map,
          options.per_head,       m_timeline->isLogarithmic(),
          m_timeline->smoothing()};
}

void MainWindow::applyViewSettings(const ViewSettings& settings) {
  m_is_restoring = true;
  auto options = m_attention->options();
  options.mode = settings.mode;
  options.values = settings.values;
  options.outlines = settings.outlines;
  options.map = settings.map;
  options.per_head = settings.per_head;
  m_attention->setOptions(options);
  m_study->setMap(settings.map);
  m_timeline->setLogarithmic(settings.is_log_time);
  m_timeline->setSmoothing(settings.smoothing);
  m_is_restoring = false;
  m_view_settings = std::make_shared<const ViewSettings>(viewSettings());
  markSession();
}

/// A step of undo for what the person changed since the settings were last seen.
void MainWindow::noteViewSettings() {
  const auto now = std::make_shared<const ViewSettings>(viewSettings());
  const auto before = std::exchange(m_view_settings, now);
  if (!before || *before == *now || m_is_restoring || m_pending)
    return;
  const QString what = before->mode != now->mode             ? tr("change map or lines")
                       : before->values != now->values       ? tr("change values")
                       : before->outlines != now->outlines   ? tr("change outlines")
                       : before->map != now->map             ? tr("change colours of maps")
                       : before->per_head != now->per_head   ? tr("change scale")
                       : before->smoothing != now->smoothing ? tr("change smoothing")
                                                             : tr("change time axis");
  m_controller.undoStack().push(new CallCommand(
      what, [this, before] { applyViewSettings(*before); },
      [this, now] { applyViewSettings(*now); }));
}

void MainWindow::setRunColour(RunId run_id, int colour) {
  if (RunRecord* run = m_controller.runs().find(run_id)) {
    run->setColour(colour);
    m_controller.markRunsChanged();
    markSession();
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
        const RunRecord* target = m_controller.shownRun();
        if (target == nullptr || target->colour() == i)
          return;
        const RunId id = target->id();
        const int before = target->colour();
        setRunColour(id, i);
        m_controller.undoStack().push(new CallCommand(
            tr("change colour of %1").arg(target->name()),
            [this, id, before] { setRunColour(id, before); },
            [this, id, i] { setRunColour(id, i); }));
      });
    }
  });
}

}  // namespace anchorlens::app
