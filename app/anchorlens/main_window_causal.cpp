// SPDX-License-Identifier: GPL-3.0-or-later
// Causal tests of the selected head, and heads that are ablated in all views.
#include "app/anchorlens/causal_control.h"
#include "app/anchorlens/head_tests.h"
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/message_bar.h"
#include "widgets/attention_view.h"
#include "widgets/number_format.h"
#include "widgets/panel_causal.h"
#include "widgets/panel_inspector.h"

#include <QStatusBar>

#include <algorithm>

namespace anchorlens::app {

namespace {

const QString kAblationBar = QStringLiteral("ablation");

QString headTitle(const engine::HeadRef& head) {
  return QStringLiteral("L%1 H%2").arg(head.layer).arg(head.head);
}

}  // namespace

void MainWindow::buildCausal() {
  m_head_tests = new HeadTests(m_controller.snapshots(), this);
  m_causal_control = new CausalControl(m_controller, *this);
  m_causal = new widgets::CausalPanel(m_inspector);
  m_inspector->addHeadSection(m_causal);
  const auto trigger = [this](void (widgets::CausalPanel::*asked)(), const char* id) {
    connect(m_causal, asked, (*m_actions)[QString::fromLatin1(id)], &QAction::trigger);
  };
  trigger(&widgets::CausalPanel::testRequested, "test-head");
  trigger(&widgets::CausalPanel::ablateRequested, "ablate");
  trigger(&widgets::CausalPanel::testAllRequested, "test-all-heads");
  trigger(&widgets::CausalPanel::dialogRequested, "causal-test");

  connect(m_head_tests, &HeadTests::measured, this, [this](const widgets::HeadCausality& result) {
    m_causal->setResult(result);
    m_causal->setEvaluating(false);
    m_causal->setNote(result.no_control.isEmpty() ? QString()
                                                  : tr("No control: %1").arg(result.no_control));
  });
  connect(m_head_tests, &HeadTests::failed, this, [this](const QString& message) {
    m_causal->setEvaluating(false);
    m_causal->setNote(message);
  });
  connect(m_head_tests, &HeadTests::notKept, this, [this](const QString& message) {
    statusBar()->showMessage(tr("The result is not kept in the run: %1").arg(message));
  });
  connect(&m_controller.snapshots(), &Snapshots::slow, this,
          [this](const QString& channel, bool is_slow) {
            if (channel == HeadTests::kHeadChannel && is_slow)
              m_causal->setNote(tr("evaluating…"));
            else if (channel == HeadTests::kPictureChannel)
              showAblationBar(is_slow ? tr("evaluating…") : QString());
          });
  connect(m_head_tests, &HeadTests::pictured, this,
          [this](const FramePtr& frame, const std::vector<engine::HeadRef>& without) {
            m_pictured = without;
            m_controller.setChangedFrame(frame);
            showAblationBar({});  // also when somebody has closed it
          });
  connect(m_head_tests, &HeadTests::pictureFailed, this, &MainWindow::showAblationBar);
  connect(&m_controller, &Controller::unchangedFrameMoved, this, &MainWindow::askPicture);
}

void MainWindow::buildCausalActions() {
  ActionMap& a = *m_actions;
  a.add(QStringLiteral("ablate"), tr("&Ablate head"), {QStringLiteral("A")},
        [this] { toggleAblation(); });
  a.add(QStringLiteral("test-head"), tr("&Test head"), {}, [this] { m_head_tests->testNow(); });
  a.add(QStringLiteral("test-all-heads"), tr("Test all &heads…"), {},
        [this] { m_causal_control->testAll(); });
  a.add(QStringLiteral("causal-test"), tr("&Causal test…"), {}, [this] {
    const auto options = m_attention->options();
    m_causal_control->showTest({options.layer, options.head});
  });
}

/// Follows head, step and run; asks for the numbers when nothing trains.
void MainWindow::showCausal() {
  if (!m_controller.isChanged() && !m_ablated.empty())
    undoAblation();  // another subject
  if (m_is_picture_due)
    askPicture();
  m_causal_control->follow();
  const auto options = m_attention->options();
  const auto place = m_controller.shownPlace();
  const bool can_test =
      place.has_value() && options.layer >= 0 && !m_controller.unchangedFrame()->scores.empty();
  m_causal->setCanTest(can_test);
  for (const char* id : {"ablate", "test-head", "test-all-heads", "causal-test"})
    (*m_actions)[QString::fromLatin1(id)]->setEnabled(can_test);
  if (!can_test) {
    m_head_tests->lookAway();
    m_causal->clear();
    m_causal->setNote(m_controller.isDraftShown() ? tr("A draft has nothing to test: run it.")
                                                  : QString());
    return;
  }
  const engine::HeadRef head{options.layer, options.head};
  m_causal->setAblated(std::find(m_ablated.begin(), m_ablated.end(), head) != m_ablated.end());
  const auto& shown = m_causal->result();
  const bool is_old = shown && (shown->layer != head.layer || shown->head != head.head);
  if (is_old)
    m_causal->clear();
  const bool trains = m_controller.isTraining();
  if (!m_head_tests->look(*place, head, !trains))
    return;
  m_causal->setEvaluating(m_causal->result().has_value());
  m_causal->setNote(trains ? tr("Not measured by itself while a run trains.") : QString());
}

void MainWindow::toggleAblation() {
  const auto options = m_attention->options();
  if (!m_controller.shownPlace() || options.layer < 0)
    return;
  const engine::HeadRef head{options.layer, options.head};
  const auto found = std::find(m_ablated.begin(), m_ablated.end(), head);
  if (found != m_ablated.end())
    m_ablated.erase(found);
  else
    m_ablated.push_back(head);
  std::sort(m_ablated.begin(), m_ablated.end());
  if (m_ablated.empty()) {
    undoAblation();
    return;
  }
  m_controller.setChanged(true);
  m_causal->setAblated(std::find(m_ablated.begin(), m_ablated.end(), head) != m_ablated.end());
  showAblationBar({});
  askPicture();
}

void MainWindow::undoAblation() {
  m_ablated.clear();
  m_pictured.clear();
  m_is_picture_due = false;
  m_head_tests->noPicture();
  m_controller.setChanged(false);
  m_messages->hideMessage(kAblationBar);
  m_causal->setAblated(false);
}

void MainWindow::showAblationBar(const QString& note) {
  if (m_ablated.empty())
    return;
  QStringList heads;
  for (const engine::HeadRef& head : m_ablated)
    heads.append(headTitle(head));
  QString text = heads.size() == 1
                     ? tr("%1 is ablated in all views").arg(heads.front())
                     : tr("%1 are ablated in all views").arg(heads.join(QStringLiteral(", ")));
  text += note.isEmpty() ? tr("; curves and accuracies are the run's own")
                         : QStringLiteral(": ") + note;
  if (m_messages->text(kAblationBar) == text)
    return;  // a new line would take the focus from its button
  m_messages->showMessage(kAblationBar, MessageBar::Kind::Warning, text,
                          {{tr("Undo"), [this] { undoAblation(); }}});
}

void MainWindow::askPicture() {
  if (m_ablated.empty())
    return;
  // Every step of a run in training would be trained again for a picture that nobody looks at long.
  m_is_picture_due = m_controller.followsTraining();
  if (m_is_picture_due) {
    showAblationBar(tr("the views wait until the run pauses or the cursor stays"));
    return;
  }
  if (const auto place = m_controller.shownPlace())
    m_head_tests->picture(*place, m_ablated);
}

}  // namespace anchorlens::app
