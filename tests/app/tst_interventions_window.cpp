// SPDX-License-Identifier: GPL-3.0-or-later
// Changes from now on, forks and their tree, by real events, over an engine without LibTorch.
#include "app/anchorlens/change_dialog.h"
#include "app/anchorlens/fork_dialog.h"
#include "app/anchorlens/message_bar.h"
#include "engine/core/store/intervention_file.h"
#include "tests/app/window_rig.h"
#include "tests/session/tiny_experiment.h"
#include "widgets/attention_view.h"
#include "widgets/panel_changes.h"
#include "widgets/panel_inspector.h"
#include "widgets/panel_runs.h"

#include <QComboBox>
#include <QContextMenuEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 20'000;
const QString kQuestion = QStringLiteral("intervention");

core::ExperimentSpec experiment() {
  auto spec = tests::endlessExperiment();
  spec.task.forms.push_back({"* 4 x * -> x+1", 1.0, {}, {}});
  return spec;
}

}  // namespace

class TestInterventionsWindow : public QObject {
  Q_OBJECT

 private slots:
  void init() {
    m_rig.engine.behaviour.step_time = std::chrono::microseconds(200);
    m_rig.begin();
    m_desk = m_rig.open();
    controller().replaceDraft(experiment(), QStringLiteral("train"));
    controller().training().setPace(std::nullopt);
    QTRY_COMPARE_WITH_TIMEOUT(controller().runAction(), RunAction::Run, kSoonMs);
    grid()->setFocus();
    QTest::keyClick(&m_desk->window, Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(m_desk->shownStep() > 100, kSoonMs);
    m_desk->window.attention()->selectHead(1, 0);
  }
  void cleanup() { m_desk.reset(); }

  void aHeadIsAblatedWhileItTrains() {
    QTRY_VERIFY_WITH_TIMEOUT(changes()->ablateButton()->isEnabled(), kSoonMs);
    QCOMPARE(changes()->holding(), QStringLiteral("Nothing is changed at this step."));
    QTest::mouseClick(changes()->ablateButton(), Qt::LeftButton);
    const QString question = m_desk->window.messages()->text(kQuestion);
    QVERIFY2(question.startsWith(QStringLiteral("L1 H0 ablated from the next step on?")),
             qPrintable(question));
    // Asked, not done, and nothing stands still.
    QVERIFY(history().empty());
    const auto step = m_desk->shownStep();
    QTRY_VERIFY_WITH_TIMEOUT(m_desk->shownStep() > step, kSoonMs);
    // Whoever asked answers by the key that presses its button.
    auto* yes = qobject_cast<QPushButton*>(QApplication::focusWidget());
    QVERIFY(yes != nullptr);
    QCOMPARE(yes->text(), QStringLiteral("From now on"));
    QTest::keyClick(yes, Qt::Key_Space);
    QCOMPARE(m_desk->window.messages()->text(kQuestion), QString());
    QTRY_COMPARE_WITH_TIMEOUT(flags().size(), 1, kSoonMs);
    QCOMPARE(flags()[0], QStringLiteral("L1 H0 ablated"));
    QTRY_COMPARE_WITH_TIMEOUT(changes()->holding(), QStringLiteral("At this step: L1 H0 ablated."),
                              kSoonMs);
    QVERIFY(!changes()->ablateButton()->isEnabled() && changes()->releaseButton()->isEnabled());
    QVERIFY(m_desk->window.statusText().contains(QStringLiteral("L1 H0 ablated, from step ")));
    QCOMPARE(history().size(), std::size_t{1});
    QVERIFY(controller().training().phase() == Phase::Running);
    // Before its step it does not hold.
    QTest::keyClick(&m_desk->window, Qt::Key_Home);
    QTRY_COMPARE_WITH_TIMEOUT(changes()->holding(),
                              QStringLiteral("Nothing is changed at this step."), kSoonMs);
  }

  void aQuestionMayBeClosed() {
    QTRY_VERIFY_WITH_TIMEOUT(action("now-freeze")->isEnabled(), kSoonMs);
    QCOMPARE(action("now-freeze")->text(), QStringLiteral("&Freeze L1 H0 from now on"));
    action("now-freeze")->trigger();
    QVERIFY(!m_desk->window.messages()->text(kQuestion).isEmpty());
    for (QPushButton* button : m_desk->window.messages()->findChildren<QPushButton*>()) {
      if (button->text() == QStringLiteral("Close"))
        QTest::mouseClick(button, Qt::LeftButton);
    }
    QCOMPARE(m_desk->window.messages()->text(kQuestion), QString());
    QVERIFY(history().empty());
  }

  void pausedItIsChangedTooAndReleased() {
    pause();
    answer("now-mlp");
    QTRY_COMPARE_WITH_TIMEOUT(flags().size(), 1, kSoonMs);
    QCOMPARE(flags()[0], QStringLiteral("MLP of layer 1 switched off"));
    // The picture of this step is as it was; the next one is not.
    QCOMPARE(changes()->holding(), QStringLiteral("Nothing is changed at this step."));
    QTRY_COMPARE_WITH_TIMEOUT(action("now-mlp")->text(),
                              QStringLiteral("Switch &MLP of layer 1 on from now on"), kSoonMs);
    const auto step = m_desk->shownStep();
    QTest::keyClick(&m_desk->window, Qt::Key_F10);
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->shownStep(), step + 1, kSoonMs);
    QTRY_COMPARE_WITH_TIMEOUT(changes()->holding(),
                              QStringLiteral("At this step: MLP of layer 1 off."), kSoonMs);
    answer("now-mlp");
    QTRY_COMPARE_WITH_TIMEOUT(flags().size(), 2, kSoonMs);
    QTest::keyClick(&m_desk->window, Qt::Key_F10);
    QTRY_COMPARE_WITH_TIMEOUT(changes()->holding(),
                              QStringLiteral("Nothing is changed at this step."), kSoonMs);
    QCOMPARE(history().size(), std::size_t{2});
  }

  void numbersAreTypedAndCheckedWhileTyped() {
    QTRY_VERIFY_WITH_TIMEOUT(changes()->moreButton()->isEnabled(), kSoonMs);
    QTest::mouseClick(changes()->moreButton(), Qt::LeftButton);
    ChangeDialog* dialog = m_desk->window.changeDialog();
    QVERIFY(dialog != nullptr && dialog->isVisible() && !dialog->isModal());
    QVERIFY(!dialog->changeButton()->isEnabled());
    QTest::keyClicks(dialog->value(), QStringLiteral("fast"));
    QVERIFY2(dialog->problem().contains(QStringLiteral("a number such as 1e-4")),
             qPrintable(dialog->problem()));
    dialog->value()->clear();
    QTest::keyClicks(dialog->value(), QStringLiteral("x0.5"));
    QCOMPARE(dialog->problem(), QString());
    QTest::keyClick(dialog->value(), Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(flags(), QStringList{QStringLiteral("Learning rate halved")},
                              kSoonMs);
    QTRY_VERIFY_WITH_TIMEOUT(dialog->restoreButton()->isEnabled(), kSoonMs);
    QVERIFY2(dialog->usual().contains(QStringLiteral("× 0.5")), qPrintable(dialog->usual()));
    dialog->kind()->setCurrentIndex(2);
    QTest::keyClicks(dialog->value(), QStringLiteral("1"));
    QVERIFY(dialog->problem().contains(QStringLiteral("expected 2 weights, got 1")));
    QTest::keyClicks(dialog->value(), QStringLiteral(",3"));
    QTest::mouseClick(dialog->changeButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(flags().size(), 2, kSoonMs);
    QCOMPARE(flags()[1], QStringLiteral("Mixture set to 1 : 3"));
    QTRY_VERIFY_WITH_TIMEOUT(dialog->restoreButton()->isEnabled(), kSoonMs);
    QTest::mouseClick(dialog->restoreButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(flags().size(), 3, kSoonMs);
    controller().showDraft();
    QTRY_VERIFY_WITH_TIMEOUT(!dialog->problem().isEmpty(), kSoonMs);
    QVERIFY(!dialog->changeButton()->isEnabled() && !dialog->restoreButton()->isEnabled());
  }

  void whatIsNotTrainedIsNotChanged() {
    const RunId first = controller().shownRun()->id();
    QTest::keyClick(&m_desk->window, Qt::Key_F5, Qt::ShiftModifier);
    QTRY_COMPARE_WITH_TIMEOUT(controller().training().phase(), Phase::Idle, kSoonMs);
    controller().showDraft();
    QTRY_VERIFY_WITH_TIMEOUT(!changes()->ablateButton()->isEnabled(), kSoonMs);
    QVERIFY(!action("now-numbers")->isEnabled() && !action("now-halve")->isEnabled());
    QTRY_COMPARE_WITH_TIMEOUT(controller().runAction(), RunAction::Run, kSoonMs);
    QTest::keyClick(&m_desk->window, Qt::Key_F5);
    QTRY_COMPARE_WITH_TIMEOUT(controller().training().phase(), Phase::Running, kSoonMs);
    controller().showRun(first);
    QTRY_COMPARE_WITH_TIMEOUT(changes()->note(),
                              QStringLiteral("Another run is being trained: pause it first."),
                              kSoonMs);
    QVERIFY(!action("now-numbers")->isEnabled() && !action("now-halve")->isEnabled());
  }

  /// Of an earlier start of the program: the change is on the disk, and Continue makes it.
  /// A question about a run goes with it.
  void anotherRunIsShown() {
    pause();
    const RunId asked = controller().shownRun()->id();
    const auto other = m_rig.makeRun();
    action("now-freeze")->trigger();
    const auto question = [this] {
      return m_desk->window.messages()->text(QStringLiteral("intervention"));
    };
    QVERIFY(question().startsWith(QStringLiteral("L1 H0 frozen from the next step on?")));
    m_desk->window.openPath(toText(other));
    QTRY_COMPARE_WITH_TIMEOUT(question(), QString(), kSoonMs);
    controller().showRun(asked);
    controller().tick();
    QCOMPARE(question(), QString());
    QCOMPARE(history().size(), std::size_t{0});
  }

  void aRunThatIsNotHeldIsOpenedForAChange() {
    pause();
    const auto run = controller().shownRun()->directory();
    const auto step = controller().shownRun()->lastStep();
    m_desk.reset();  // saves it as paused
    m_desk = m_rig.open();
    m_desk->window.openPath(toText(run));
    QTRY_VERIFY_WITH_TIMEOUT(
        controller().shownRun() != nullptr && controller().shownRun()->isLoaded(), kSoonMs);
    QCOMPARE(controller().training().phase(), Phase::Idle);
    m_desk->window.attention()->selectHead(1, 0);
    answer("now-freeze");
    QTRY_COMPARE_WITH_TIMEOUT(flags(), QStringList{QStringLiteral("L1 H0 frozen")}, kSoonMs);
    QTRY_COMPARE_WITH_TIMEOUT(controller().training().phase(), Phase::Paused, kSoonMs);
    QCOMPARE(controller().shownRun()->lastStep(), step);
    QCOMPARE(history().size(), std::size_t{1});
    QCOMPARE(history()[0].step, step);
    m_desk.reset();
    m_desk = m_rig.open();
    m_desk->window.openPath(toText(run));
    QTRY_VERIFY_WITH_TIMEOUT(
        controller().shownRun() != nullptr && controller().shownRun()->isLoaded(), kSoonMs);
    m_desk->window.attention()->selectHead(1, 0);
    // What is loaded can be continued once the window has shown it.
    QTRY_COMPARE_WITH_TIMEOUT(controller().runAction(), RunAction::Continue, kSoonMs);
    QTRY_VERIFY_WITH_TIMEOUT(action("run")->isEnabled(), kSoonMs);
    QTest::keyClick(&m_desk->window, Qt::Key_F5);
    QTRY_VERIFY_WITH_TIMEOUT(m_desk->shownStep() > step, kSoonMs);
    QTRY_COMPARE_WITH_TIMEOUT(changes()->holding(), QStringLiteral("At this step: L1 H0 frozen."),
                              kSoonMs);
  }

  void aHeadHasItsMenu() {
    auto* tiles = m_desk->window.attention()->grid();
    const auto menu = [this]() -> QMenu* {
      for (QMenu* each : m_desk->window.findChildren<QMenu*>(QStringLiteral("head menu"))) {
        if (each->isVisible())
          return each;
      }
      return nullptr;
    };
    QTRY_VERIFY_WITH_TIMEOUT(!tiles->tiles().empty(), kSoonMs);
    const QPoint place = tiles->mapRect(0, 0).center();
    QContextMenuEvent by_mouse(QContextMenuEvent::Mouse, place,
                               tiles->viewport()->mapToGlobal(place));
    QApplication::sendEvent(tiles->viewport(), &by_mouse);
    QTRY_VERIFY_WITH_TIMEOUT(menu() != nullptr, kSoonMs);
    QCOMPARE(m_desk->window.attention()->options().layer, 0);
    for (const char* id : {"ablate", "cut-edge", "now-ablate", "now-freeze", "now-clamp",
                           "now-release", "fork", "export", "copy", "copy-numbers"})
      QVERIFY2(menu()->actions().contains(action(id)), id);
    QTest::keyClick(menu(), Qt::Key_Escape);
    QTRY_VERIFY_WITH_TIMEOUT(menu() == nullptr, kSoonMs);
    // The menu key is about the head that is selected.
    m_desk->window.attention()->selectHead(1, 0);
    QContextMenuEvent by_key(QContextMenuEvent::Keyboard, place,
                             tiles->viewport()->mapToGlobal(place));
    QApplication::sendEvent(tiles, &by_key);
    QTRY_VERIFY_WITH_TIMEOUT(menu() != nullptr, kSoonMs);
    QCOMPARE(m_desk->window.attention()->options().layer, 1);
    QTRY_VERIFY_WITH_TIMEOUT(action("now-freeze")->isEnabled(), kSoonMs);
    menu()->setActiveAction(action("now-freeze"));
    QTest::keyClick(menu(), Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(qobject_cast<QPushButton*>(QApplication::focusWidget()) != nullptr,
                             kSoonMs);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
    QTRY_COMPARE_WITH_TIMEOUT(flags(), QStringList{QStringLiteral("L1 H0 frozen")}, kSoonMs);
  }

  void theHistoryIsReadAgain() {
    pause();
    answer("now-clamp");
    QTRY_COMPARE_WITH_TIMEOUT(flags().size(), 1, kSoonMs);
    QTest::keyClick(&m_desk->window, Qt::Key_F10);
    const auto run = controller().shownRun()->directory();
    QTRY_COMPARE_WITH_TIMEOUT(changes()->holding(), QStringLiteral("At this step: L1 H0 clamped."),
                              kSoonMs);
    const auto step = m_desk->shownStep();
    m_desk.reset();  // saves it as paused
    m_desk = m_rig.open();
    m_desk->window.openPath(toText(run));
    QTRY_VERIFY_WITH_TIMEOUT(
        controller().shownRun() != nullptr && controller().shownRun()->isLoaded(), kSoonMs);
    QCOMPARE(controller().shownRun()->facts().interventions.size(), std::size_t{1});
    QCOMPARE(controller().shownRun()->inEffect(step).clamped.size(), std::size_t{1});
    QCOMPARE(flags().size(), 1);
    // Continued, its flag stays one.
    m_desk->window.attention()->selectHead(1, 0);
    QTRY_VERIFY_WITH_TIMEOUT(action("run")->isEnabled(), kSoonMs);
    QTest::keyClick(&m_desk->window, Qt::Key_F5);
    QTRY_VERIFY_WITH_TIMEOUT(m_desk->shownStep() > step, kSoonMs);
    QCOMPARE(flags().size(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(changes()->holding(), QStringLiteral("At this step: L1 H0 clamped."),
                              kSoonMs);
  }

  void aForkIsAskedForAndStandsUnderItsParent() {
    pause();
    const RunId parent = controller().shownRun()->id();
    const auto last = controller().shownRun()->lastStep();
    QTRY_VERIFY_WITH_TIMEOUT(changes()->forkButton()->text().startsWith("Fork from step "),
                             kSoonMs);
    QTest::mouseClick(changes()->forkButton(), Qt::LeftButton);
    ForkDialog* dialog = m_desk->window.forkDialog();
    QVERIFY(dialog != nullptr && dialog->isVisible() && !dialog->isModal());
    QVERIFY2(!dialog->note().isEmpty(), "where it begins");
    QCOMPARE(dialog->differences()->item(0)->text(), QStringLiteral("Nothing differs."));
    // The parent's own settings name the kernel that computed, which the tests' engine made up.
    dialog->settings()->setCurrentIndex(1);
    QCOMPARE(dialog->problem(), QString());
    dialog->step()->setValue(50);
    QVERIFY2(dialog->note().contains(QStringLiteral("The nearest checkpoint before it is of step")),
             qPrintable(dialog->note()));
    QTest::keyClicks(dialog->changes(), QStringLiteral("ablate 9.0"));
    QVERIFY2(dialog->problem().contains(QStringLiteral("There is no head 9.0")),
             qPrintable(dialog->problem()));
    QVERIFY(!dialog->forkButton()->isEnabled());
    dialog->changes()->clear();
    // In whatever order they are typed, as --change takes them.
    QTest::keyClicks(dialog->changes(), QStringLiteral("80: release 1.0; 60: ablate 1.0"));
    QCOMPARE(dialog->problem(), QString());
    dialog->changes()->clear();
    QTest::keyClicks(dialog->changes(), QStringLiteral("80: ablate 1.0; ablate 1.0"));
    QCOMPARE(dialog->problem(), QStringLiteral("L1 H0 is ablated already."));
    dialog->changes()->clear();
    QTest::keyClicks(dialog->changes(), QStringLiteral("ablate 1.0; lr x0.5"));
    QCOMPARE(dialog->problem(), QString());
    dialog->end()->setValue(100);
    QVERIFY(dialog->differences()->item(0)->text().contains(QStringLiteral("100")));
    QTest::mouseClick(dialog->forkButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(controller().shownRun()->id() != parent, kSoonMs);
    const RunRecord* fork = controller().shownRun();
    QTRY_COMPARE_WITH_TIMEOUT(fork->state(), core::RunState::Finished, kSoonMs);
    QCOMPARE(fork->facts().fork_step, std::int64_t{50});
    QCOMPARE(fork->facts().interventions.size(), std::size_t{2});
    QCOMPARE(fork->lastStep(), std::int64_t{100});
    QVERIFY(last > 100);
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->window.runsPanel()->model()->rows().size(), std::size_t{2},
                              kSoonMs);
    const auto& rows = m_desk->window.runsPanel()->model()->rows();
    QCOMPARE(rows[0].id, parent);
    QCOMPARE(rows[0].depth, 0);
    QCOMPARE(rows[1].id, fork->id());
    QCOMPARE(rows[1].depth, 1);
    QVERIFY2(rows[1].difference.startsWith(QStringLiteral("fork of Run 1 at 50")),
             qPrintable(rows[1].difference));
  }

  /// As `anchorctl fork` does: what the run was given later counts, and its stop rule no more.
  void aForkOfAnExtendedRunEndsWhereThatDoes() {
    pause();
    const auto run = m_rig.makeRun();
    engine::RunSession::Options options;
    options.engine = &m_rig.engine;
    auto session = engine::RunSession::resume(run, std::move(options), 110);
    QVERIFY(session);
    (*session)->advance(std::chrono::seconds(60), 110);
    session->reset();
    m_desk->window.openPath(toText(run));
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->shownStep(), std::int64_t{150}, kSoonMs);
    QTest::keyClick(&m_desk->window, Qt::Key_Home);
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->shownStep(), std::int64_t{0}, kSoonMs);
    QTRY_VERIFY_WITH_TIMEOUT(action("fork")->isEnabled(), kSoonMs);
    QTest::keyClick(&m_desk->window, Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
    ForkDialog* dialog = m_desk->window.forkDialog();
    QVERIFY(dialog != nullptr);
    QCOMPARE(dialog->end()->value(), 150);
    QCOMPARE(dialog->differences()->item(0)->text(), QStringLiteral("Nothing differs."));

    auto spec = tests::tinyExperiment();
    spec.training.stop_when = core::StopRule{};
    QVERIFY(goingOn(spec, 40) == spec);
    const auto longer = goingOn(spec, 150);
    QCOMPARE(longer.training.steps, std::optional<std::int64_t>(150));
    QVERIFY(!longer.training.stop_when);
  }

  void aForkOfADraftTakesItsSettings() {
    pause();
    auto draft = experiment();
    draft.training.weight_decay = 0.5;
    draft.training.steps = 90;
    const RunId parent = controller().shownRun()->id();
    controller().replaceDraft(draft, QStringLiteral("other"));
    controller().showRun(parent);
    QTRY_VERIFY_WITH_TIMEOUT(action("fork")->isEnabled(), kSoonMs);
    QTest::keyClick(&m_desk->window, Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
    ForkDialog* dialog = m_desk->window.forkDialog();
    dialog->step()->setValue(20);
    dialog->settings()->setCurrentIndex(1);
    QCOMPARE(dialog->end()->value(), 90);
    QVERIFY(dialog->differences()->item(0)->text().contains(QStringLiteral("weight decay")));
    QTest::keyClick(dialog, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(controller().shownRun()->id() != parent, kSoonMs);
    QTRY_COMPARE_WITH_TIMEOUT(controller().shownRun()->state(), core::RunState::Finished, kSoonMs);
    QCOMPARE(controller().shownRun()->facts().spec.training.weight_decay, 0.5);
  }

 private:
  Controller& controller() const { return m_desk->controller; }
  widgets::ChangesPanel* changes() const { return m_desk->window.changes(); }
  QWidget* grid() const { return m_desk->window.attention()->grid(); }
  QAction* action(const char* id) const {
    return m_desk->window.actions()[QString::fromLatin1(id)];
  }
  std::vector<core::Intervention> history() const {
    return *core::readInterventions(controller().shownRun()->directory());
  }
  QStringList flags() const {
    QStringList texts;
    for (const core::Event& event : controller().shownRun()->history().events()) {
      if (event.kind == "intervention")
        texts.append(QString::fromStdString(event.text));
    }
    return texts;
  }
  void pause() {
    QTRY_VERIFY_WITH_TIMEOUT(action("run")->isEnabled(), kSoonMs);
    QTest::keyClick(&m_desk->window, Qt::Key_F5);
    QTRY_COMPARE_WITH_TIMEOUT(controller().training().phase(), Phase::Paused, kSoonMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_desk->shownStep(), controller().shownRun()->lastStep(), kSoonMs);
  }
  /// Asks by the menu's action and says yes.
  void answer(const char* id) {
    QTRY_VERIFY_WITH_TIMEOUT(action(id)->isEnabled(), kSoonMs);
    action(id)->trigger();
    auto* yes = qobject_cast<QPushButton*>(QApplication::focusWidget());
    QVERIFY(yes != nullptr);
    QTest::keyClick(yes, Qt::Key_Space);
  }

  tests::WindowRig m_rig;
  std::unique_ptr<tests::Desk> m_desk;
};

QTEST_MAIN(TestInterventionsWindow)
#include "tst_interventions_window.moc"
