// SPDX-License-Identifier: GPL-3.0-or-later
// What leaves the window beside the Export dialog: pictures dragged out, announcements.
#include "app/anchorlens/announcer.h"
#include "app/anchorlens/drag_out.h"
#include "app/anchorlens/main_window.h"
#include "widgets/attention_view.h"
#include "widgets/compare/compare_view.h"
#include "widgets/flow/flow_view.h"
#include "widgets/number_format.h"
#include "widgets/panel_runs.h"
#include "widgets/predictions/predictions_view.h"
#include "widgets/study_view.h"
#include "widgets/taxonomy/taxonomy_view.h"
#include "widgets/timeline.h"
#include "widgets/timeline_plot.h"
#include "widgets/weights/weights_view.h"

#include <QApplication>
#include <QLabel>
#include <QMimeData>
#include <QStatusBar>

namespace anchorlens::app {

QMimeData* MainWindow::pictureOf(QWidget* view) {
  // What has the focus is what is copied: the same picture, dragged. A part that takes the focus by
  // a click has it since the press.
  if (!view->isAncestorOf(QApplication::focusWidget()))
    view->setFocus(Qt::MouseFocusReason);
  const auto figure = pictureOnScreen();
  if (!figure) {
    statusBar()->showMessage(figure.error());
    return nullptr;
  }
  if (!figure->source.without.isEmpty())
    statusBar()->showMessage(tr("The picture is %1.").arg(figure->source.without));
  return widgets::figureMimeData(*figure);
}

void MainWindow::wireOut() {
  m_drag_out = new DragOut(
      {m_attention->grid(), m_attention->large(), m_flow, m_weights, m_predictions, m_taxonomy,
       m_study, m_compare_view, m_timeline},
      [this](QWidget* view) { return pictureOf(view); }, this);
}

void MainWindow::wireAnnouncer() {
  auto* voice = new QLabel(this);  // no text: what is to be seen is in the status bar
  voice->setFixedSize(1, 1);
  voice->setFocusPolicy(Qt::NoFocus);
  voice->setObjectName(QStringLiteral("announcements"));
  statusBar()->addWidget(voice);
  m_announcer = new Announcer(voice);
  const auto nameOf = [this](RunId run_id) {
    const RunRecord* run = m_controller.runs().find(run_id);
    return run != nullptr ? run->name() : tr("The run");
  };
  TrainingControl& training = m_controller.training();
  connect(&training, &TrainingControl::started, m_announcer,
          [this, nameOf](RunId run_id) { m_announcer->say(tr("%1 started").arg(nameOf(run_id))); });
  connect(&training, &TrainingControl::settled, m_announcer,
          [this, nameOf](RunId run_id, core::RunState state) {
            const RunRecord* run = m_controller.runs().find(run_id);
            if (run == nullptr || state == core::RunState::Training)
              return;
            m_announcer->say(nameOf(run_id) + QLatin1Char(' ') +
                             widgets::runStatusText(state, run->status().step));
          });
  connect(&m_controller, &Controller::emerged, m_announcer,
          [this](RunId, int layer, int head, core::Label label, qint64 step) {
            const auto name = core::labelName(label);
            m_announcer->say(tr("Layer %1 head %2 became %3 at step %4")
                                 .arg(layer)
                                 .arg(head)
                                 .arg(QString::fromUtf8(name.data(), static_cast<int>(name.size())),
                                      widgets::formatInteger(step)));
          });
}

}  // namespace anchorlens::app
