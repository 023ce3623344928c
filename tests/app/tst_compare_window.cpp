// SPDX-License-Identifier: GPL-3.0-or-later
// Compare in the window, by keys and clicks, with runs that were trained by the real engine.
#include "app/anchorlens/compare_control.h"
#include "app/anchorlens/key_filter.h"
#include "app/anchorlens/main_toolbar.h"
#include "tests/app/compare_desk.h"
#include "widgets/attention_view.h"
#include "widgets/panel_facts.h"
#include "widgets/panel_inspector.h"
#include "widgets/panel_runs.h"
#include "widgets/timeline.h"

#include <QAction>
#include <QComboBox>
#include <QDockWidget>
#include <QFile>
#include <QListView>
#include <QPushButton>
#include <QTabWidget>
#include <QTest>
#include <QUndoStack>

#include <cmath>
#include <filesystem>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

using tests::kSoonMs;

void choose(QComboBox* box, int index) {
  box->setCurrentIndex(index);
  emit box->activated(index);
}

void pressAllSeeds(widgets::CompareView& view) {
  for (QPushButton* button : view.findChildren<QPushButton*>()) {
    if (button->text() == QStringLiteral("All seeds"))
      QTest::mouseClick(button, Qt::LeftButton);
  }
}

/// Of the Inspector; empty: it has no such fact.
QString factOf(const tests::Desk& desk, const QString& wanted) {
  for (const auto& [name, value] : desk.window.inspector()->facts()->facts()) {
    if (name == wanted)
      return value;
  }
  return {};
}

}  // namespace

class TestCompareWindow : public QObject {
  Q_OBJECT

 private:
  tests::TemporaryHome m_home;
  KeyFilter m_keys;
  std::filesystem::path m_first, m_second, m_third, m_long;

 private slots:
  /// Every test begins without what the one before left.
  void init() { QFile::remove(sessionFile()); }

  void initTestCase() {
    qApp->installEventFilter(&m_keys);
    std::tie(m_first, m_second, m_third) = tests::trainThree(m_home);
    m_long = toPath(m_home.path(QStringLiteral("long")));
    tests::train(m_long, 3, "working-memory", 20);
  }

  void twoTicksAndTheButton() {
    tests::Desk desk;
    tests::open(desk, {m_first, m_second});
    QPushButton* button = desk.window.toolbar()->compareButton();
    QAction* action = desk.window.actions()[QStringLiteral("compare")];
    QVERIFY(!button->isEnabled());
    QVERIFY(!action->isEnabled());
    tests::clickTick(desk, 0);
    QVERIFY(!button->isEnabled());
    tests::clickTick(desk, 1);
    QTRY_VERIFY(button->isEnabled());
    QVERIFY(desk.window.runsPanel()->model()->rows()[0].is_ticked);
    auto* experiment = desk.window.findChild<QDockWidget*>(QStringLiteral("Experiment"));
    QVERIFY(experiment->isVisible());
    QTest::mouseClick(button, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(desk.window.compareView()->isVisible(), kSoonMs);
    QVERIFY(!experiment->isVisible());
    QVERIFY(desk.window.compareCurves()->isVisible());
    QVERIFY(desk.window.timeline()->isFolded());
    QTest::mouseClick(button, Qt::LeftButton);
    QTRY_VERIFY(!desk.window.compareView()->isVisible());
    QVERIFY(experiment->isVisible());
    QVERIFY(!desk.window.timeline()->isFolded());
    QVERIFY(desk.window.attention()->isVisible());
  }

  void theCursorDrivesBoth() {
    tests::Desk desk;
    tests::open(desk, {m_first, m_second});
    tests::compareTwo(desk);
    if (QTest::currentTestFailed())
      return;
    const auto& comparison = desk.window.compareView()->canvas()->comparison();
    // The second run is shown at its end; the first one has gone less far.
    QCOMPARE(desk.window.compare()->run(0)->directory(), m_second);
    QTRY_COMPARE_WITH_TIMEOUT(comparison.first.step, std::int64_t{200}, kSoonMs);
    QCOMPARE(comparison.second.step, std::int64_t{120});
    QTest::keyClick(&desk.window, Qt::Key_Home);
    QTRY_COMPARE_WITH_TIMEOUT(comparison.first.step, std::int64_t{0}, kSoonMs);
    QTRY_COMPARE_WITH_TIMEOUT(comparison.second.step, std::int64_t{0}, kSoonMs);
    // Cells are those of the frames.
    QTRY_COMPARE_WITH_TIMEOUT(desk.shownStep(), std::int64_t{0}, kSoonMs);
    const auto maps = comparison.mapsOf(0);
    const core::Frame& frame = *desk.controller.frame();
    QCOMPARE(maps.maps[0].pattern[9], frame.shown.of(0, 0, 0)[9]);
    QVERIFY(std::abs(maps.maps[2].pattern[9] -
                     (maps.maps[1].pattern[9] - maps.maps[0].pattern[9])) < 1e-6F);
    // A press in the curves.
    auto* curves = desk.window.compareCurves();
    QTest::mouseClick(curves->viewport(), Qt::LeftButton, {},
                      {static_cast<int>(curves->xOfStep(100)), 60});
    QTRY_VERIFY_WITH_TIMEOUT(comparison.first.step > 80 && comparison.second.step > 80, kSoonMs);
    // The other run is shown now: it moves the cursor.
    desk.window.runsPanel()->list()->setCurrentIndex(
        desk.window.runsPanel()->list()->model()->index(1, 0));
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller.shownRun()->directory(), m_first, kSoonMs);
    QTest::keyClick(&desk.window, Qt::Key_End);
    QTRY_COMPARE_WITH_TIMEOUT(comparison.second.step, std::int64_t{120}, kSoonMs);
    QTRY_VERIFY_WITH_TIMEOUT(comparison.first.step > 100 && comparison.first.step <= 120, kSoonMs);
  }

  void keysAndControls() {
    tests::Desk desk;
    tests::open(desk, {m_first, m_second});
    tests::compareTwo(desk);
    if (QTest::currentTestFailed())
      return;
    auto* view = desk.window.compareView();
    auto* canvas = view->canvas();
    QVERIFY(canvas->hasFocus());
    QTest::keyClick(canvas, Qt::Key_Up);
    QCOMPARE(canvas->cell(), (widgets::Cell{8, 0}));
    QVERIFY(canvas->accessibleDescription().contains(QStringLiteral("difference")));
    QTest::keyClick(canvas, Qt::Key_H);
    QTRY_COMPARE(canvas->pair(), 3U);  // a first start looks at layer 1 head 0
    QCOMPARE(desk.window.attention()->options().head, 1);
    QTest::keyClick(canvas, Qt::Key_N);
    QTRY_COMPARE(view->probeBox()->currentIndex(), 1);
    QTest::keyClick(canvas, Qt::Key_V);
    QTRY_VERIFY(!view->options().values);
    QTest::keyClick(canvas, Qt::Key_O);
    QTRY_VERIFY(!view->options().outlines);
    QTest::mouseClick(canvas->viewport(), Qt::LeftButton, {},
                      canvas->compareLayout().tiles[0][2].center().toPoint());
    QTRY_COMPARE(desk.window.attention()->options().layer, 0);
    choose(view->probeBox(), view->probeBox()->count() - 1);  // the mean
    QVERIFY(desk.window.attention()->options().probe.mean);
    QTRY_VERIFY(canvas->comparison().mapsOf(0).maps[0].is_mean);
    for (const int match : {1, 2, 0}) {
      choose(view->matchBox(), match);
      QTRY_VERIFY_WITH_TIMEOUT(desk.window.compare()->isComplete(), kSoonMs);
      QCOMPARE(canvas->comparison().pairs.size(), 4U);
      QCOMPARE(canvas->comparison().pairs[0].distance.has_value(), match != 0);
    }
    QUndoStack& undo = desk.controller.undoStack();
    const bool values = view->options().values;
    QTest::keyClick(canvas, Qt::Key_V);
    QTRY_COMPARE(view->options().values, !values);
    undo.undo();
    QCOMPARE(view->options().values, values);
    const int steps = undo.index();
    choose(view->matchBox(), 1);
    choose(view->alignBox(), 2);
    QCOMPARE(undo.index(), steps + 2);
    QCOMPARE(undo.undoText(), QStringLiteral("change how steps are aligned"));
    undo.undo();
    QCOMPARE(view->alignBox()->currentIndex(), 0);
    QTRY_VERIFY_WITH_TIMEOUT(desk.window.compare()->isComplete(), kSoonMs);
    QVERIFY(canvas->comparison().pairs[0].distance.has_value());
    undo.undo();
    QCOMPARE(view->matchBox()->currentIndex(), 0);
    QTRY_VERIFY_WITH_TIMEOUT(desk.window.compare()->isComplete(), kSoonMs);
    QVERIFY(!canvas->comparison().pairs[0].distance.has_value());
    undo.redo();
    undo.redo();
    choose(view->matchBox(), 0);
    QCOMPARE(view->alignBox()->currentIndex(), 2);
    QVERIFY2(view->note().contains(QStringLiteral("equal steps are shown")),
             qPrintable(view->note()));
    const auto& facts = desk.window.inspector()->facts()->facts();
    QVERIFY(std::any_of(facts.begin(), facts.end(), [](const auto& fact) {
      return fact.second.contains(QStringLiteral("seed 2 → 1"));
    }));
  }

  /// The frames of the run that is not shown are read after the Inspector was filled.
  void theInspectorHasTheScoresOfBoth() {
    tests::Desk desk;
    tests::open(desk, {m_first, m_second});
    tests::compareTwo(desk);
    if (QTest::currentTestFailed())
      return;
    const auto both = [&desk](const QString& steps) {
      const QString shift = factOf(desk, QStringLiteral("Shift"));
      return factOf(desk, QStringLiteral("Step")) == steps && !shift.isEmpty() &&
             !shift.contains(QStringLiteral("–"));
    };
    QTRY_VERIFY2_WITH_TIMEOUT(both(QStringLiteral("200  /  120")),
                              qPrintable(factOf(desk, QStringLiteral("Shift"))), kSoonMs);
    QTest::keyClick(&desk.window, Qt::Key_Home);
    QTRY_VERIFY2_WITH_TIMEOUT(both(QStringLiteral("0  /  0")),
                              qPrintable(factOf(desk, QStringLiteral("Shift"))), kSoonMs);
  }

  void aNewNameIsShownAtOnce() {
    tests::Desk desk;
    tests::open(desk, {m_first, m_second});
    tests::compareTwo(desk);
    if (QTest::currentTestFailed())
      return;
    desk.controller.renameRun(desk.window.compare()->run(1)->id(), QStringLiteral("the brief one"));
    QTRY_COMPARE_WITH_TIMEOUT(desk.window.compareView()->canvas()->comparison().second.name,
                              QStringLiteral("the brief one"), kSoonMs);
    QTRY_COMPARE_WITH_TIMEOUT(factOf(desk, QStringLiteral("Run")),
                              QStringLiteral("second  /  the brief one"), kSoonMs);
  }

  /// Between its removal and the next refresh nothing asks for it.
  void aRunIsRemovedWhileItIsCompared() {
    tests::Desk desk;
    tests::open(desk, {m_first, m_second});
    tests::compareTwo(desk);
    if (QTest::currentTestFailed())
      return;
    desk.controller.removeRun(desk.window.compare()->run(1)->id());
    QVERIFY(!desk.window.compare()->isOn());
    desk.window.attention()->selectHead(0, 1);
    QTRY_VERIFY(!desk.window.compareView()->isVisible());
    QCOMPARE(desk.window.compare()->ticked().size(), 1U);
    desk.controller.undoStack().undo();
    QTRY_COMPARE(desk.window.runsPanel()->model()->rowCount({}), 2);
  }

  /// Of a run without checkpoints no weights are known.
  void whyHeadsAreNotMatchedIsSaid() {
    const auto bare = toPath(m_home.path(QStringLiteral("bare")));
    std::filesystem::copy(m_first, bare, std::filesystem::copy_options::recursive);
    std::filesystem::remove_all(bare / "checkpoints");
    tests::Desk desk;
    tests::open(desk, {m_second, bare});
    tests::compareTwo(desk);
    if (QTest::currentTestFailed())
      return;
    auto* view = desk.window.compareView();
    choose(view->matchBox(), 2);
    QCOMPARE(view->note(), QStringLiteral("Heads are shown by position. bare has no checkpoints to "
                                          "match them by."));
    QVERIFY(!view->canvas()->comparison().pairs[0].distance.has_value());
  }

  void aThirdTickReplacesTheOlder() {
    tests::Desk desk;
    tests::open(desk, {m_first, m_second, m_third});
    tests::compareTwo(desk);  // third, then second
    tests::clickTick(desk, 2);
    const auto rows = desk.window.runsPanel()->model()->rows();
    QVERIFY(!rows[0].is_ticked && rows[1].is_ticked && rows[2].is_ticked);
    QVERIFY(desk.window.compare()->isOn());
    QCOMPARE(desk.window.compare()->run(0)->directory(), m_second);
    QTRY_COMPARE_WITH_TIMEOUT(desk.window.compareView()->canvas()->comparison().second.name,
                              QStringLiteral("first"), kSoonMs);
    // The run that is shown is not one of them.
    QVERIFY2(desk.window.compareView()->note().contains(QStringLiteral("that of third")),
             qPrintable(desk.window.compareView()->note()));
    tests::clickTick(desk, 2);  // one is left
    QTRY_VERIFY(!desk.window.compareView()->isVisible());
  }

  void aRunInTraining() {
    tests::Desk desk;
    tests::open(desk, {m_first});
    desk.controller.replaceDraft(tests::smallSpec(9, "demo", 20'000), QStringLiteral("change"));
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller.runAction(), RunAction::Run, kSoonMs);
    desk.controller.training().setPace(200.0);
    QTest::keyClick(&desk.window, Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller.shownRun() != nullptr &&
                                 desk.controller.shownRun()->isLoaded() && desk.shownStep() > 5,
                             kSoonMs);
    tests::compareTwo(desk);
    if (QTest::currentTestFailed())
      return;
    const auto& comparison = desk.window.compareView()->canvas()->comparison();
    const std::int64_t step = comparison.first.step;
    QTRY_VERIFY_WITH_TIMEOUT(comparison.first.step > step + 20, kSoonMs);  // it follows live
    QTRY_COMPARE_WITH_TIMEOUT(comparison.second.step, std::int64_t{120}, kSoonMs);
    QVERIFY(!comparison.mapsOf(0).maps[2].isEmpty());
    desk.controller.run();
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller.training().phase(), Phase::Paused, kSoonMs);
  }

  void otherLengthsHaveCurvesOnly() {
    tests::Desk desk;
    tests::open(desk, {m_first, m_long});
    tests::clickTick(desk, 0);
    tests::clickTick(desk, 1);
    QTest::keyClick(&desk.window, Qt::Key_C);
    QTRY_VERIFY_WITH_TIMEOUT(desk.window.compareView()->isVisible(), kSoonMs);
    QTRY_COMPARE(desk.window.compareView()->canvas()->accessibleDescription(),
                 QStringLiteral("first has length 9, long has length 20: only curves and scores "
                                "are compared."));
    QVERIFY(desk.window.compareCurves()->curves().sides[1].history != nullptr);
  }

  /// Nor have they the picture of the runs that were compared before.
  void otherLengthsHaveNoPictureOfTheRunsBefore() {
    tests::Desk desk;
    tests::open(desk, {m_first, m_second, m_long});
    tests::clickTick(desk, 1);
    tests::clickTick(desk, 2);
    QTest::keyClick(&desk.window, Qt::Key_C);
    auto* view = desk.window.compareView();
    QTRY_VERIFY_WITH_TIMEOUT(!view->canvas()->comparison().isEmpty(), kSoonMs);
    QVERIFY(!view->numbers().rows.empty());
    tests::clickTick(desk, 0);
    QTRY_COMPARE_WITH_TIMEOUT(desk.window.compare()->run(1)->directory(), m_long, kSoonMs);
    QTRY_VERIFY_WITH_TIMEOUT(view->canvas()->comparison().isEmpty(), kSoonMs);
    QVERIFY(view->numbers().rows.empty());
    view->canvas()->setFocus();
    QTest::keyClick(view->canvas(), Qt::Key_C, Qt::ControlModifier);
    QTRY_COMPARE(desk.window.statusText(),
                 QStringLiteral("long has length 20, first has length 9: only curves and scores "
                                "are compared."));
  }

  /// A run that was changed, its fork without the change, and two seeds that nobody changed.
  void changesThatHoldAreSaidAndAreNoSeeds() {
    const auto changed = toPath(m_home.path(QStringLiteral("changed")));
    const auto forked = toPath(m_home.path(QStringLiteral("fork")));
    tests::train(changed, 8, "demo", 200, "50: ablate 1.0");
    tests::fork(changed, 100, tests::smallSpec(8, "demo", 200), forked, "100: release 1.0");
    {
      tests::Desk desk;
      tests::open(desk, {changed, forked});
      tests::compareTwo(desk);  // the run and, below it, its fork
      if (QTest::currentTestFailed())
        return;
      const auto& comparison = desk.window.compareView()->canvas()->comparison();
      QTRY_COMPARE_WITH_TIMEOUT(comparison.first.step, std::int64_t{200}, kSoonMs);
      QTRY_COMPARE_WITH_TIMEOUT(comparison.second.step, std::int64_t{200}, kSoonMs);
      const bool is_first = desk.window.compare()->run(0)->directory() == changed;
      QTRY_COMPARE_WITH_TIMEOUT(factOf(desk, QStringLiteral("What differs")),
                                is_first ? QStringLiteral("L1 H0 ablated → nothing changed")
                                         : QStringLiteral("nothing changed → L1 H0 ablated"),
                                kSoonMs);
      QCOMPARE((is_first ? comparison.first : comparison.second).note,
               QStringLiteral("seed 8, L1 H0 ablated"));
      QCOMPARE((is_first ? comparison.second : comparison.first).note, QStringLiteral("seed 8"));
    }
    QFile::remove(sessionFile());
    tests::Desk desk;
    tests::open(desk, {changed, forked, m_second, m_third});
    tests::compareTwo(desk);  // third and second
    if (QTest::currentTestFailed())
      return;
    auto* view = desk.window.compareView();
    pressAllSeeds(*view);
    QTRY_COMPARE(view->seeds()->seeds().runs.size(), 2U);
    QCOMPARE(view->seeds()->seeds().runs[0].name, QStringLiteral("second, seed 2"));
    QCOMPARE(view->seeds()->seeds().runs[1].name, QStringLiteral("third, seed 4"));
  }

  void allSeedsOfTheSetUp() {
    tests::Desk desk;
    tests::open(desk, {m_first, m_second, m_third});  // the first one has other steps
    tests::compareTwo(desk);
    if (QTest::currentTestFailed())
      return;
    auto* view = desk.window.compareView();
    pressAllSeeds(*view);
    QTRY_COMPARE(view->seeds()->rows().size(), 3U + 2 * 4U);
    const auto& runs = view->seeds()->seeds().runs;
    QCOMPARE(runs.size(), 2U);
    QCOMPARE(runs[0].name, QStringLiteral("second, seed 2"));
    QVERIFY(runs[0].is_compared);
    // Down takes the first number, Enter shows a run.
    view->seeds()->setFocus();
    QTest::keyClick(view->seeds(), Qt::Key_Down);
    const int chosen = view->seeds()->chosen().run;
    QTest::keyClick(view->seeds(), Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller.shownRun()->directory(),
                              chosen == 0 ? m_second : m_third, kSoonMs);
  }
};

QTEST_MAIN(TestCompareWindow)
#include "tst_compare_window.moc"
