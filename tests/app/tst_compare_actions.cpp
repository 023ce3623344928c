// SPDX-License-Identifier: GPL-3.0-or-later
// What is done from Compare, by keys, clicks and drops.
#include "app/anchorlens/export/export_dialog.h"
#include "app/anchorlens/key_filter.h"
#include "engine/core/archive/run_archive.h"
#include "engine/session/causal_record.h"
#include "tests/app/compare_desk.h"
#include "tests/app/drop.h"
#include "tests/app/export_twice.h"
#include "widgets/attention_view.h"
#include "widgets/compare/compare_curves.h"
#include "widgets/flow/flow_view.h"
#include "widgets/timeline.h"

#include <QAction>
#include <QDir>
#include <QFile>
#include <QMovie>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QTest>
#include <QWheelEvent>

#include <cmath>
#include <memory>
#include <utility>

using namespace anchorlens;
using namespace anchorlens::app;
using tests::kSoonMs;

class TestCompareActions : public QObject {
  Q_OBJECT

 private:
  tests::TemporaryHome m_home;
  KeyFilter m_keys;
  std::filesystem::path m_first, m_second, m_third;

  /// Ctrl+E: the picture in front, written by the dialog and by the command that it shows.
  void exportInFront(tests::Desk& desk, const QString& kind, const QString& words,
                     const QStringList& formats = {"svg", "npz", "csv"}) {
    QTest::keyClick(&desk.window, Qt::Key_E, Qt::ControlModifier);
    QTRY_VERIFY(desk.window.exportDialog() != nullptr && desk.window.exportDialog()->isVisible());
    ExportDialog& dialog = *desk.window.exportDialog();
    QCOMPARE(dialog.kind().id(), kind);
    dialog.setFormats(formats);
    for (QSpinBox* field : dialog.findChildren<QSpinBox*>()) {
      if (field->accessibleName() == QLatin1String("Every so many frames"))
        field->setValue(20);
    }
    dialog.setFilePattern(m_home.path(kind));
    const QString command = tests::exportTwice(dialog);
    QVERIFY2(command.contains(words), qPrintable(command));
    if (QTest::currentTestFailed())
      return;
    dialog.close();
    QTRY_VERIFY(desk.window.exportDialog() == nullptr);
    desk.window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&desk.window));
  }

 private slots:
  /// Every test begins without what the one before left.
  void init() { QFile::remove(sessionFile()); }

  void initTestCase() {
    qApp->installEventFilter(&m_keys);
    std::tie(m_first, m_second, m_third) = tests::trainThree(m_home);
  }

  void whatIsInFrontIsExported() {
    tests::Desk desk;
    tests::open(desk, {m_first, m_second, m_third});
    tests::compareTwo(desk);
    if (QTest::currentTestFailed())
      return;
    desk.window.compareView()->canvas()->setFocus();
    exportInFront(desk, QStringLiteral("compare"), QStringLiteral("--other"));
    if (QTest::currentTestFailed())
      return;
    // Through the steps of the first run.
    exportInFront(desk, QStringLiteral("compare"), QStringLiteral("--frames 0:"), {"gif"});
    if (QTest::currentTestFailed())
      return;
    QMovie movie(m_home.path(QStringLiteral("compare.gif")));
    QCOMPARE(movie.frameCount(), 2);  // the first and the twentieth after it of 26 recorded steps
    desk.window.compareCurves()->setFocus();
    desk.window.timeline()->setRange({20, 100});
    desk.window.timeline()->setSmoothing(1);
    exportInFront(desk, QStringLiteral("compare-curves"),
                  QStringLiteral("--range 20:100 --smooth light"));
    auto* view = desk.window.compareView();
    for (QPushButton* button : view->findChildren<QPushButton*>()) {
      if (button->text() == QStringLiteral("All seeds"))
        QTest::mouseClick(button, Qt::LeftButton);
    }
    QTRY_COMPARE(view->seeds()->seeds().runs.size(), 2U);
    view->seeds()->setFocus();
    exportInFront(desk, QStringLiteral("seeds"), QStringLiteral("--other"));
    // As many rows as runs are shown, and the header.
    QCOMPARE(tests::contentOf(m_home.path(QStringLiteral("seeds.csv"))).count('\n'), 3);
  }

  void oneCellInAllViews() {
    tests::Desk desk;
    tests::open(desk, {m_first, m_second});
    tests::compareTwo(desk);
    if (QTest::currentTestFailed())
      return;
    auto* canvas = desk.window.compareView()->canvas();
    QTest::keyClick(canvas, Qt::Key_Up);  // the last row
    QTest::keyClick(canvas, Qt::Key_Up);
    const widgets::Cell cell{7, 0};
    QCOMPARE(canvas->cell(), cell);
    // Attention goes on from the same cell.
    desk.window.actions()[QStringLiteral("tab-attention")]->trigger();
    auto* large = desk.window.attention()->large();
    QTRY_VERIFY(large->isVisible());
    large->setFocus();
    QTest::keyClick(large, Qt::Key_Up);
    QCOMPARE(large->cell(), (widgets::Cell{6, 0}));
    // K cuts the edge of the cell in Flow, where the Inspector tells of it.
    QAction* cut = desk.window.actions()[QStringLiteral("cut-edge")];
    QVERIFY(cut->isEnabled());
    QTest::keyClick(&desk.window, Qt::Key_K);
    auto* flow = desk.window.findChild<widgets::FlowView*>();
    QTRY_VERIFY_WITH_TIMEOUT(flow->isVisible(), kSoonMs);
    const auto edge = flow->canvas()->selected();
    QVERIFY(edge.has_value());
    QCOMPARE(edge->cell(), (widgets::Cell{6, 0}));
    QTRY_VERIFY_WITH_TIMEOUT(
        engine::readCausalTests(desk.controller.shownRun()->directory()).size() == 1, kSoonMs);
    // And back in Compare it is the one that Attention had last.
    desk.window.findChild<QTabWidget*>()->setCurrentWidget(desk.window.compareView());
    QTRY_VERIFY(canvas->isVisible());
    canvas->setFocus();
    QTest::keyClick(canvas, Qt::Key_Left);
    QCOMPARE(canvas->cell(), (widgets::Cell{6, 0}));
  }

  void theTimelineZoomsTheCurves() {
    tests::Desk desk;
    tests::open(desk, {m_first, m_second});
    tests::compareTwo(desk);
    if (QTest::currentTestFailed())
      return;
    auto* curves = desk.window.compareCurves();
    auto* timeline = desk.window.timeline();
    QVERIFY(curves->showsAllTime());
    timeline->setRange({40, 160});
    QCOMPARE(curves->range(), (widgets::Timeline::Range{40, 160}));
    QTest::keyClick(&desk.window, Qt::Key_Plus, Qt::ControlModifier);
    QVERIFY(curves->range().last - curves->range().first < 120);
    QTest::keyClick(&desk.window, Qt::Key_0, Qt::ControlModifier);
    QVERIFY(curves->showsAllTime());
    timeline->setSmoothing(2);
    QCOMPARE(curves->smoothing(), 2);
    // The wheel over the curves zooms both, about the pointer.
    const QPointF at(curves->xOfStep(100), 60);
    QWheelEvent wheel(at, curves->viewport()->mapToGlobal(at), {}, {0, 240}, Qt::NoButton,
                      Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(curves->viewport(), &wheel);
    QVERIFY(!curves->showsAllTime());
    QVERIFY(curves->range().first > 10 && curves->range().last < 190);
    QVERIFY(std::abs(curves->xOfStep(100) - at.x()) < 2);
    QVERIFY(std::abs(timeline->range().first - curves->range().first) <= 1);
    QVERIFY(std::abs(timeline->range().last - curves->range().last) <= 1);
    QTest::mouseDClick(curves->viewport(), Qt::LeftButton, {}, at.toPoint());
    QVERIFY(curves->showsAllTime() && timeline->showsAllTime());
  }

  void aRunThatIsDroppedIsTicked() {
    tests::Desk desk;
    tests::open(desk, {m_first, m_second});
    tests::compareTwo(desk);
    if (QTest::currentTestFailed())
      return;
    const auto middle = [&desk](QWidget* view) {
      return view->mapTo(&desk.window, view->rect().center());
    };
    const auto compared = [&desk](std::size_t side) {
      const RunRecord* run = desk.window.compare()->run(side);
      return run != nullptr ? run->directory() : std::filesystem::path();
    };
    const auto shown = desk.controller.shownRun()->id();
    tests::drop(desk.window, {toText(m_third)}, middle(desk.window.compareView()));
    QTRY_COMPARE_WITH_TIMEOUT(compared(1), m_third, kSoonMs);
    QVERIFY(desk.window.compare()->isOn());
    QCOMPARE(desk.controller.shownRun()->id(), shown);
    // What is nothing of ours is said, and changes nothing.
    QFile other(m_home.path(QStringLiteral("notes.txt")));
    QVERIFY(other.open(QIODevice::WriteOnly));
    tests::drop(desk.window, {other.fileName()}, middle(desk.window.compareView()));
    QVERIFY2(desk.window.statusText().startsWith(QStringLiteral("notes.txt is neither")),
             qPrintable(desk.window.statusText()));
    QCOMPARE(compared(1), m_third);
    // A packed run is unpacked first; its seed tells it.
    const QString packed = m_home.path(QStringLiteral("packed.anchorrun"));
    QVERIFY(core::packRun(m_first, toPath(packed)).has_value());
    tests::drop(desk.window, {packed}, middle(desk.window.compareView()));
    QTRY_VERIFY_WITH_TIMEOUT(compared(1) != m_third, kSoonMs);
    QCOMPARE(desk.window.compare()->run(1)->facts().spec.training.seed, std::uint64_t{1});
    QVERIFY(compared(1) != m_first);
    const auto last = compared(1);
    // A run that cannot be read is said, too.
    const QString broken = m_home.path(QStringLiteral("broken"));
    QVERIFY(QDir().mkpath(broken));
    QVERIFY(QFile::copy(toText(m_first) + QStringLiteral("/experiment.json"),
                        broken + QStringLiteral("/experiment.json")));
    QFile database(broken + QStringLiteral("/run.sqlite"));
    QVERIFY(database.open(QIODevice::WriteOnly) && database.write("no database") > 0);
    database.close();
    tests::drop(desk.window, {broken}, middle(desk.window.compareView()));
    QTRY_VERIFY_WITH_TIMEOUT(desk.window.statusText().contains(QStringLiteral("run.sqlite")),
                             kSoonMs);
    QCOMPARE(compared(1), last);
  }

  void aRowThatIsDroppedIsCompared() {
    tests::Desk desk;
    tests::open(desk, {m_first, m_second});
    auto* panel = desk.window.runsPanel();
    QCOMPARE(desk.controller.shownRun()->directory(), m_second);
    // A press on the row shows its run, as every press does; then it is dragged.
    const QModelIndex row = panel->model()->index(1);
    QVERIFY(panel->model()->flags(row) & Qt::ItemIsDragEnabled);
    QTest::mousePress(panel->list()->viewport(), Qt::LeftButton, {},
                      panel->list()->visualRect(row).center());
    std::unique_ptr<QMimeData> data(panel->model()->mimeData({row}));
    const QPointF centre(
        desk.window.attention()->mapTo(&desk.window, desk.window.attention()->rect().center()));
    QDragEnterEvent enter(centre.toPoint(), Qt::CopyAction, data.get(), Qt::LeftButton, {});
    QApplication::sendEvent(&desk.window, &enter);
    QVERIFY(enter.isAccepted());
    const QPoint on_runs = panel->mapTo(&desk.window, panel->rect().center());
    QDragMoveEvent beside(on_runs, Qt::CopyAction, data.get(), Qt::LeftButton, {});
    QApplication::sendEvent(&desk.window, &beside);
    QVERIFY(!beside.isAccepted());
    QDropEvent drop(centre, Qt::CopyAction, data.get(), Qt::LeftButton, {});
    QApplication::sendEvent(&desk.window, &drop);
    QTRY_VERIFY_WITH_TIMEOUT(desk.window.compareView()->isVisible(), kSoonMs);
    QCOMPARE(desk.window.compare()->run(0)->directory(), m_second);
    QCOMPARE(desk.window.compare()->run(1)->directory(), m_first);
    QTest::mouseRelease(panel->list()->viewport(), Qt::LeftButton, {},
                        panel->list()->visualRect(row).center());
  }

  void aCheckpointOnRunsMakesAFork() {
    tests::Desk desk;
    tests::open(desk, {m_first});
    auto* panel = desk.window.runsPanel();
    const auto checkpoints = desk.controller.shownRun()->history().checkpoints();
    QCOMPARE(checkpoints.front(), std::int64_t{0});
    QCOMPARE(checkpoints.back(), std::int64_t{120});
    const RunId parent = desk.controller.shownRun()->id();
    // The run ended at its last one: the fork is given steps of its own.
    const std::pair<std::int64_t, std::int64_t> ends[] = {{0, 120}, {120, 240}};
    for (const auto& [step, end] : ends) {
      const QString file =
          toText(m_first) +
          QStringLiteral("/checkpoints/step-%1.safetensors").arg(step, 9, 10, QLatin1Char('0'));
      QVERIFY2(QFile::exists(file), qPrintable(file));
      tests::drop(desk.window, {file}, panel->mapTo(&desk.window, panel->rect().center()));
      QTRY_VERIFY_WITH_TIMEOUT(desk.controller.shownRun() != nullptr &&
                                   desk.controller.shownRun()->id() != parent &&
                                   desk.controller.shownRun()->isLoaded(),
                               kSoonMs);
      const RunRecord& fork = *desk.controller.shownRun();
      QTRY_COMPARE_WITH_TIMEOUT(fork.state(), core::RunState::Finished, kSoonMs);
      QCOMPARE(fork.facts().parent, m_first);
      QCOMPARE(fork.facts().fork_step, step);
      QCOMPARE(fork.lastStep(), end);
    }
  }
};

QTEST_MAIN(TestCompareActions)
#include "tst_compare_actions.moc"
