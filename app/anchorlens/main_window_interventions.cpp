// SPDX-License-Identifier: GPL-3.0-or-later
// From now on: changes of the training that goes on, asked once above the views.
#include "app/anchorlens/change_dialog.h"
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/message_bar.h"
#include "engine/session/history.h"
#include "widgets/attention_view.h"
#include "widgets/number_format.h"
#include "widgets/panel_changes.h"
#include "widgets/panel_inspector.h"

#include <QLineEdit>
#include <QStatusBar>

#include <algorithm>

namespace anchorlens::app {

namespace {

using core::Intervention;
using Kind = Intervention::Kind;

const QString kQuestion = QStringLiteral("intervention");

QString id(const char* name) {
  return QString::fromLatin1(name);
}

Intervention ofHead(Kind kind, const core::HeadRef& head) {
  Intervention change;
  change.kind = kind;
  change.head = head;
  change.step = core::kNow;
  return change;
}

Intervention ofPart(Intervention::Part part, int layer, bool is_on) {
  Intervention change;
  change.kind = Kind::Switch;
  change.part = part;
  change.layer = layer;
  change.is_on = is_on;
  change.step = core::kNow;
  return change;
}

Intervention ofRate(double factor) {
  Intervention change;
  change.kind = Kind::LearningRate;
  change.number = factor;
  change.is_factor = true;
  change.step = core::kNow;
  return change;
}

/// What it does, as the question says it.
QString meaningOf(const Intervention& change) {
  switch (change.kind) {
    case Kind::Ablate:
      return MainWindow::tr("Its output stays 0, in training and in every view.");
    case Kind::Freeze:
      return MainWindow::tr("Its weights are not trained any further.");
    case Kind::Clamp:
      return MainWindow::tr("Its attention stays what it is now in the mean over the probe.");
    case Kind::Release:
      return MainWindow::tr("It is trained again like any other.");
    case Kind::Switch:
      return change.is_on ? MainWindow::tr("It works again.")
                          : MainWindow::tr("Its output stays 0, in training and in every view.");
    default:
      return {};
  }
}

bool isOff(const core::InEffect& now, Intervention::Part part, int layer) {
  return std::find(now.off.begin(), now.off.end(), core::InEffect::Off{part, layer}) !=
         now.off.end();
}

}  // namespace

void MainWindow::buildInterventions() {
  m_changes = new widgets::ChangesPanel(m_inspector);
  m_inspector->addHeadSection(m_changes);
  const auto trigger = [this](void (widgets::ChangesPanel::*asked)(), const char* name) {
    connect(m_changes, asked, (*m_actions)[id(name)], &QAction::trigger);
  };
  trigger(&widgets::ChangesPanel::ablateRequested, "now-ablate");
  trigger(&widgets::ChangesPanel::freezeRequested, "now-freeze");
  trigger(&widgets::ChangesPanel::clampRequested, "now-clamp");
  trigger(&widgets::ChangesPanel::releaseRequested, "now-release");
  trigger(&widgets::ChangesPanel::moreRequested, "now-numbers");
  trigger(&widgets::ChangesPanel::forkRequested, "fork");
  TrainingControl& training = m_controller.training();
  connect(&training, &TrainingControl::intervened, this,
          [this](RunId run_id, const Intervention& change) {
            statusBar()->showMessage(
                tr("%1: %2, from step %3 on.")
                    .arg(m_controller.runs().find(run_id)->name(),
                         QString::fromStdString(core::interventionSentence(change)),
                         widgets::formatInteger(change.step)));
            showInterventions();
          });
  connect(&training, &TrainingControl::started, this, &MainWindow::tellForkStep);
  connect(&training, &TrainingControl::interventionRefused, this,
          [this](RunId, const QString& message) {
            m_asked_of = 0;
            m_messages->showMessage(kQuestion, MessageBar::Kind::Problem, message);
          });
}

void MainWindow::buildInterventionActions() {
  ActionMap& a = *m_actions;
  const auto head = [this] {
    const auto options = m_attention->options();
    return core::HeadRef{options.layer, options.head};
  };
  const auto ask_head = [this, head](Kind kind) {
    return [this, head, kind] { askIntervention(ofHead(kind, head())); };
  };
  a.add(id("now-ablate"), tr("&Ablate head from now on"), {}, ask_head(Kind::Ablate));
  a.add(id("now-freeze"), tr("&Freeze head from now on"), {}, ask_head(Kind::Freeze));
  a.add(id("now-clamp"), tr("&Clamp head from now on"), {}, ask_head(Kind::Clamp));
  a.add(id("now-release"), tr("&Release head from now on"), {}, ask_head(Kind::Release));
  const auto ask_part = [this, head](Intervention::Part part) {
    return [this, head, part] {
      const int layer = head().layer;
      askIntervention(ofPart(part, layer, isOff(nextInEffect(), part, layer)));
    };
  };
  a.add(id("now-mlp"), tr("Switch &MLP off from now on"), {}, ask_part(Intervention::Part::Mlp));
  a.add(id("now-attention"), tr("Switch a&ttention off from now on"), {},
        ask_part(Intervention::Part::Attention));
  a.add(id("now-halve"), tr("&Halve the learning rate from now on"), {},
        [this] { askIntervention(ofRate(0.5)); });
  a.add(id("now-numbers"), tr("&Learning rate, weight decay, mixture…"), {},
        [this] { showChangeDialog(); });
}

/// Why the run that is shown cannot be changed now; empty when it can.
QString MainWindow::whyNoIntervention() const {
  const RunRecord* run = m_controller.shownRun();
  const TrainingControl& training = m_controller.training();
  if (run == nullptr || !run->isLoaded())
    return tr("A draft is changed in its settings.");
  if (run->id() == training.active())
    return training.canIntervene() ? QString() : tr("The run is just starting or stopping.");
  switch (m_controller.runAction()) {
    case RunAction::Continue:
      return {};  // it is opened for it
    case RunAction::ContinueMore:
      return tr("%1 has finished: continue it for more steps, then it can be changed.")
          .arg(run->name());
    case RunAction::None:
      return tr("%1 cannot be continued, so nothing of it can be changed from now on.")
          .arg(run->name());
    default:
      return tr("Another run is being trained: pause it first.");
  }
}

/// What will hold in the next training step of the shown run unless something is asked for.
core::InEffect MainWindow::nextInEffect() const {
  const RunRecord* run = m_controller.shownRun();
  return run != nullptr ? run->inEffect(run->lastStep() + 1) : core::InEffect();
}

void MainWindow::askIntervention(const Intervention& change) {
  QString problem = whyNoIntervention();
  const RunRecord* run = m_controller.shownRun();
  if (problem.isEmpty()) {
    auto why = core::whyNotPossible(change, run->facts().spec);
    if (!why)
      why = core::whyNothingChanges(change, nextInEffect());
    problem = QString::fromStdString(why.value_or(""));
  }
  if (!problem.isEmpty()) {
    statusBar()->showMessage(problem);
    return;
  }
  const QString sentence = QString::fromStdString(core::interventionSentence(change));
  QString text = tr("%1 from the next step on? ").arg(sentence);
  text += meaningOf(change);
  text += tr(" It is written to the history of %1 and made again when the run is continued.")
              .arg(run->name());
  if (run->id() != m_controller.training().active())
    text += tr(" It is opened for that where it goes on, and stays paused.");
  m_asked_of = run->id();
  m_messages->showMessage(
      kQuestion, MessageBar::Kind::Warning, text.simplified(),
      {{tr("From now on"), [this, asked = m_asked_of, change] { makeChange(asked, change); }}});
  m_messages->focusAction(kQuestion);
}

/// Of a run that could be changed when it was asked for.
void MainWindow::makeChange(RunId run_id, Intervention change) {
  change.step = core::kNow;
  m_asked_of = 0;
  const RunRecord* shown = m_controller.shownRun();
  const bool is_shown = shown != nullptr && shown->id() == run_id;
  if (run_id == m_controller.training().active() || (is_shown && whyNoIntervention().isEmpty()))
    m_controller.changeRun(run_id, change);
}

/// What holds in the picture that is shown; empty: nothing.
QString MainWindow::changedText() const {
  const RunRecord* run = m_controller.shownRun();
  const FramePtr& frame = m_controller.unchangedFrame();
  return run != nullptr && frame
             ? QString::fromStdString(core::inEffectText(run->inEffect(frame->step)))
             : QString();
}

void MainWindow::showInterventions() {
  const RunRecord* run = m_controller.shownRun();
  m_changes->setHolding(changedText());
  const bool can_fork = run != nullptr && run->isLoaded() && !run->history().checkpoints().empty();
  m_changes->setForkStep(can_fork ? std::optional(m_controller.cursor().step()) : std::nullopt);

  const QString why_not = whyNoIntervention();
  const auto options = m_attention->options();
  const core::HeadRef head{options.layer, options.head};
  const core::InEffect now = nextInEffect();
  const auto can = [&](const Intervention& change) {
    return why_not.isEmpty() && !core::whyNotPossible(change, run->facts().spec) &&
           !core::whyNothingChanges(change, now);
  };
  const QString name = QStringLiteral("L%1 H%2").arg(head.layer).arg(head.head);
  const auto show = [&](const char* action, const QString& text, const Intervention& change) {
    (*m_actions)[id(action)]->setText(text);
    (*m_actions)[id(action)]->setEnabled(can(change));
    return can(change);
  };
  widgets::ChangesPanel::Can wanted;
  wanted.ablate =
      show("now-ablate", tr("&Ablate %1 from now on").arg(name), ofHead(Kind::Ablate, head));
  wanted.freeze =
      show("now-freeze", tr("&Freeze %1 from now on").arg(name), ofHead(Kind::Freeze, head));
  wanted.clamp =
      show("now-clamp", tr("&Clamp %1 from now on").arg(name), ofHead(Kind::Clamp, head));
  wanted.release =
      show("now-release", tr("&Release %1 from now on").arg(name), ofHead(Kind::Release, head));
  m_changes->setCan(wanted, why_not);
  const auto show_part = [&](const char* action, Intervention::Part part, const QString& off,
                             const QString& on) {
    const bool is_off = isOff(now, part, head.layer);
    show(action, (is_off ? on : off).arg(head.layer), ofPart(part, head.layer, is_off));
  };
  show_part("now-mlp", Intervention::Part::Mlp, tr("Switch &MLP of layer %1 off from now on"),
            tr("Switch &MLP of layer %1 on from now on"));
  show_part("now-attention", Intervention::Part::Attention,
            tr("Switch a&ttention of layer %1 off from now on"),
            tr("Switch a&ttention of layer %1 on from now on"));
  (*m_actions)[id("now-halve")]->setEnabled(can(ofRate(0.5)));
  (*m_actions)[id("now-numbers")]->setEnabled(why_not.isEmpty());
  const bool is_of_another = m_asked_of != 0 && (run == nullptr || run->id() != m_asked_of);
  if ((!why_not.isEmpty() || is_of_another) && !m_messages->text(kQuestion).isEmpty()) {
    m_messages->hideMessage(kQuestion);  // it cannot be answered any more
    m_asked_of = 0;
  }
  if (m_change_dialog != nullptr && m_change_dialog->isVisible())
    fillChangeDialog();
}

void MainWindow::fillChangeDialog() {
  const QString why_not = whyNoIntervention();
  if (why_not.isEmpty())
    m_change_dialog->setRun(m_controller.shownRun()->name(), m_controller.shownExperiment(),
                            nextInEffect());
  m_change_dialog->setProblem(why_not);
}

void MainWindow::showChangeDialog() {
  if (m_change_dialog == nullptr) {
    m_change_dialog = new ChangeDialog(this);
    connect(m_change_dialog, &ChangeDialog::asked, this, [this](const Intervention& change) {
      if (const RunRecord* run = m_controller.shownRun())
        makeChange(run->id(), change);
    });
  }
  fillChangeDialog();
  m_change_dialog->show();
  m_change_dialog->raise();
  m_change_dialog->activateWindow();
  m_change_dialog->value()->setFocus();
}

}  // namespace anchorlens::app
