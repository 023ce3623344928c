// SPDX-License-Identifier: GPL-3.0-or-later
// The tab Weights and the worker behind it.
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/weights_control.h"
#include "widgets/attention_view.h"
#include "widgets/weights/weights_view.h"

#include <QStatusBar>
#include <QTabWidget>

namespace anchorlens::app {

void MainWindow::buildWeights() {
  m_weights = new widgets::WeightsView(m_tabs);
  m_weights->setObjectName(QStringLiteral("weights"));
  m_tabs->addTab(m_weights, tr("Weights"));
  m_weights_control = new WeightsControl(m_weights, this);
  // One head is selected in the window, whichever view selects it.
  connect(m_attention, &widgets::AttentionView::headSelected, m_weights,
          &widgets::WeightsView::selectHead);
  connect(m_weights, &widgets::WeightsView::choiceChanged, this, [this] {
    const auto head = m_weights->choice().head;
    m_attention->selectHead(head.layer, head.head);
    noteViewSettings(ViewPart::Weights);
    markSession();
  });
  connect(m_weights_control, &WeightsControl::copied, this,
          [this] { statusBar()->showMessage(tr("Picture copied.")); });
  connect(m_weights, &widgets::WeightsView::copyRequested, this, &MainWindow::copyPicture);
}

void MainWindow::showWeights() {
  WeightsControl::Subject subject;
  const RunRecord* run = m_controller.shownRun();
  subject.step = m_controller.cursor().step();
  if (run == nullptr) {
    const QString key = m_actions->keyOf(QStringLiteral("run"));
    subject.placeholder = tr("Weights are shown at checkpoints: press %1 to train this draft.")
                              .arg(key.isEmpty() ? tr("Run") : key);
    subject.model = m_controller.shownExperiment().model;
  } else if (!run->isLoaded()) {
    subject.placeholder = m_controller.framePlaceholder();
  } else {
    subject.run = run->directory();
    subject.model = run->facts().spec.model;
    subject.checkpoints = run->history().checkpoints();
  }
  m_weights_control->show(subject);
  seeViewSettings(ViewPart::Weights);
}

}  // namespace anchorlens::app
