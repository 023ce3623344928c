// SPDX-License-Identifier: GPL-3.0-or-later
// What the Timeline shows, and its cursor and range under the mouse.
#include "tests/support/tip_at.h"
#include "tests/widgets/timeline_driver.h"
#include "widgets/fonts.h"
#include "widgets/timeline_header.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

using namespace anchorlens;
using namespace anchorlens::widgets;
using namespace anchorlens::tests::timeline;

class TestTimeline : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QApplication::setFont(textFont(13)); }

  void clickOnTheRulerTakesTheFrameThere() {
    const tests::MadeRun run;
    Timeline timeline;
    show(timeline, run);
    QSignalSpy moved(&timeline, &Timeline::cursorMoved);
    for (const std::int64_t step : {4000, 12000, 0, 18400}) {
      press(timeline, step, rulerY(timeline));
      release(timeline, step, rulerY(timeline));
      QCOMPARE(moved.last().front().value<std::int64_t>(), step);
      QCOMPARE(timeline.cursor(), step);
    }
  }

  void betweenFramesTheEarlierOneIsShown() {
    tests::MadeRunOptions options;
    options.frame_every = 2000;
    const tests::MadeRun run(options);
    Timeline timeline;
    show(timeline, run);
    press(timeline, 5900, rulerY(timeline));
    release(timeline, 5900, rulerY(timeline));
    QCOMPARE(timeline.cursor(), 4000);
  }

  void cursorLineIsDraggedThroughTheLanes() {
    const tests::MadeRun run;
    Timeline timeline;
    show(timeline, run);
    timeline.setRange({2000, 18000});  // zoomed: elsewhere a drag would pan
    settle(timeline);
    timeline.setCursor(9200);
    QSignalSpy moved(&timeline, &Timeline::cursorMoved);
    const int y = timeline.lanesRect().center().y();
    press(timeline, 9200, y);
    for (std::int64_t step = 9200; step >= 4000; step -= 400) {
      move(timeline, step, y);
    }
    release(timeline, 4000, y);
    QVERIFY(moved.count() >= 5);
    QVERIFY(qAbs(timeline.cursor() - 4000) <= run.options().frame_every);
    QCOMPARE(timeline.range(), (Timeline::Range{2000, 18000}));
  }

  void dragElsewherePansAZoomedRange() {
    const tests::MadeRun run;
    Timeline timeline;
    show(timeline, run);
    timeline.setRange({5000, 10000});
    settle(timeline);
    timeline.setCursor(18400);
    QSignalSpy moved(&timeline, &Timeline::cursorMoved);
    const int y = timeline.lanesRect().center().y();
    const double x = timeline.xOfStep(7000);
    pressAt(timeline, QPoint(int(x), y));
    moveTo(timeline, QPoint(int(x) + 40, y));
    moveTo(timeline, QPoint(int(x) + 120, y));
    releaseAt(timeline, QPoint(int(x) + 120, y));
    QCOMPARE(moved.count(), 0);
    const Timeline::Range range = timeline.range();
    QVERIFY2(range.first < 5000, qPrintable(QString::number(range.first)));
    QCOMPARE(range.last - range.first, 5000.0);
    settle(timeline);
    QVERIFY(qAbs(timeline.xOfStep(7000) - x - 120) < 2);  // the picture stays under the pointer
  }

  void clickInALaneMovesTheCursor() {
    const tests::MadeRun run;
    Timeline timeline;
    show(timeline, run);
    timeline.setRange({5000, 10000});
    settle(timeline);
    const int y = timeline.lanesRect().center().y();
    press(timeline, 8000, y);
    release(timeline, 8000, y);
    QVERIFY(qAbs(timeline.cursor() - 8000) <= run.options().frame_every);
  }

  void wheelZoomsAtThePointer() {
    const tests::MadeRun run;
    Timeline timeline;
    show(timeline, run);
    const double x = timeline.xOfStep(6000);
    wheel(timeline, x, 240);
    settle(timeline);
    QVERIFY(!timeline.showsAllTime());
    QVERIFY(timeline.range().last - timeline.range().first < 15000);
    QVERIFY(qAbs(timeline.xOfStep(6000) - x) < 2);
    for (int i = 0; i < 12; ++i) {
      wheel(timeline, x, -240);
    }
    QVERIFY(timeline.showsAllTime());
    for (int i = 0; i < 80; ++i) {  // never further than a few steps
      wheel(timeline, x, 240);
    }
    QVERIFY(timeline.range().last - timeline.range().first >= 3.9);
  }

  void keysZoomAlsoWithTheCursorOutOfView() {
    const tests::MadeRun run;
    for (const bool is_log : {false, true}) {
      Timeline timeline;
      show(timeline, run);
      timeline.setLogarithmic(is_log);
      timeline.setCursor(18'000);
      timeline.setRange({1000, 3000});
      settle(timeline);
      const auto before = timeline.range();
      timeline.zoom(0.5);
      settle(timeline);
      QVERIFY(timeline.range().first < before.first && timeline.range().last > before.last);
      timeline.zoom(2);
      QVERIFY(timeline.range().first > 0 && timeline.range().last < 6000);
    }
  }

  void doubleClickShowsAllTime() {
    const tests::MadeRun run;
    Timeline timeline;
    show(timeline, run);
    timeline.setRange({5000, 6000});
    settle(timeline);
    const QPoint at(timeline.lanesRect().center());
    QTest::mouseDClick(plot(timeline), Qt::LeftButton, {}, plot(timeline)->mapFrom(&timeline, at));
    QVERIFY(timeline.showsAllTime());
    QCOMPARE(timeline.range(), (Timeline::Range{0, 20000}));
  }

  void newFramesExtendOnlyAllTime() {
    const tests::MadeRun run;
    const auto history = run.historyUntil(4000);
    Timeline timeline;
    timeline.resize(900, 318);
    timeline.setHistory(history.get());
    timeline.show();
    settle(timeline);
    QCOMPARE(timeline.range().last, 5000.0);
    history->addScores(6000, run.scores(6000));
    timeline.historyChanged();
    timeline.refresh();
    QTRY_COMPARE(timeline.range().last, 10000.0);  // ten times a second at most
    timeline.setRange({1000, 2000});
    history->addScores(12000, run.scores(12000));
    const int before = timeline.plot()->rebuilds();
    timeline.historyChanged();
    timeline.refresh();
    QTRY_VERIFY(timeline.plot()->rebuilds() > before);
    QCOMPARE(timeline.range(), (Timeline::Range{1000, 2000}));
  }

  void hiddenTimelineDoesNotReplot() {
    const tests::MadeRun run;
    const auto history = run.historyUntil(4000);
    Timeline timeline;
    timeline.resize(900, 318);
    timeline.setHistory(history.get());
    for (std::int64_t step = 4040; step < 4400; step += 40) {
      history->addScores(step, run.scores(step));
      timeline.historyChanged();
      QVERIFY(!timeline.refresh());
      QCoreApplication::processEvents();
    }
    QCOMPARE(timeline.plot()->rebuilds(), 0);
    timeline.show();
    QTRY_VERIFY(timeline.plot()->rebuilds() > 0);
    const int before = timeline.plot()->rebuilds();
    QVERIFY(!timeline.refresh());  // nothing changed: nothing painted
    timeline.setCursor(2000);      // the cursor alone draws no curve
    QCoreApplication::processEvents();
    QCOMPARE(timeline.plot()->rebuilds(), before);
    timeline.setFolded(true);
    timeline.historyChanged();
    timeline.refresh();
    QCOMPARE(timeline.plot()->rebuilds(), before);
  }

  void manyHeadsAreFolded() {
    tests::MadeRunOptions options;
    options.n_layers = 4;
    options.n_heads = 4;
    options.frame_every = 400;
    const tests::MadeRun run(options);
    Timeline timeline;
    show(timeline, run);
    const auto& lanes = timeline.plot()->lanes();
    QCOMPARE(lanes.size(), std::size_t(3 + 3 + 1 + 1));
    QCOMPARE(lanes[6].kind, Lane::Kind::Folded);
    QCOMPARE(lanes[6].folded, 13);
    auto* header = timeline.findChild<TimelineHeader*>();
    QVERIFY(header != nullptr);
    QCOMPARE(tests::tipAt(*header, {30.0, timeline.plot()->laneBand(6).center().y() + 0.0}),
             QStringLiteral("13 without pattern"));
    QVERIFY(timeline.stripRect(2, 2).isEmpty());
    timeline.toggleFolded();
    QCOMPARE(timeline.plot()->lanes().size(), std::size_t(3 + 16 + 1 + 1));
    settle(timeline);
    QVERIFY(!timeline.stripRect(2, 2).isEmpty());
  }

  /// A rail draws no lanes: what can be unfolded is read from the run that it was given.
  void aRailUnfoldsTheRunThatItHas() {
    tests::MadeRunOptions options;
    options.n_layers = 4;
    options.n_heads = 4;
    options.frame_every = 400;
    const tests::MadeRun many(options);
    const tests::MadeRun few;
    Timeline timeline;
    show(timeline, few);
    timeline.setFolded(true);
    timeline.setHistory(&many.history());
    QSignalSpy told(&timeline, &Timeline::told);
    timeline.toggleFolded();
    QCOMPARE(told.count(), 0);
    QVERIFY(timeline.isUnfolded());
    timeline.setHistory(&few.history());
    timeline.toggleFolded();
    QCOMPARE(told.count(), 1);
    QVERIFY(!timeline.isUnfolded());
  }

  void fewHeadsKeepTheirStrips() {
    const tests::MadeRun run;
    Timeline timeline;
    show(timeline, run);
    QCOMPARE(timeline.plot()->lanes().size(), std::size_t(3 + 4 + 1));
    QVERIFY(timeline.plot()->lanes()[4].is_dim);  // L0 H1 never was above 0.25
    QSignalSpy told(&timeline, &Timeline::told);
    timeline.toggleFolded();  // nothing to unfold: said
    QCOMPARE(told.count(), 1);
    QCOMPARE(timeline.plot()->lanes().size(), std::size_t(3 + 4 + 1));
    QSignalSpy selected(&timeline, &Timeline::headSelected);
    const QPoint name(20, timeline.stripRect(1, 0).center().y());
    QTest::mouseClick(timeline.childAt(name), Qt::LeftButton, {},
                      timeline.childAt(name)->mapFrom(&timeline, name));
    QCOMPARE(selected.last(), (QList<QVariant>{1, 0}));
  }

  void marksAreNamed() {
    const tests::MadeRun run;
    Timeline timeline;
    show(timeline, run);
    QStringList texts;
    for (const TimeMark& mark : timeline.plot()->marks()) {
      texts << markText(mark);
    }
    const QString thin(QChar(0x2009));
    QVERIFY(texts.contains("Checkpoint, step 12" + thin + "000"));
    QVERIFY(texts.contains("Learning rate halved, step 13" + thin + "200"));
    QVERIFY(!texts.filter(QStringLiteral("Layer 1 head 0 became broadcast at step")).isEmpty());
    const QRect lane = timeline.plot()->laneBand(timeline.plot()->lanes().size() - 1);
    const auto mark =
        timeline.plot()->markAt(QPointF(timeline.plot()->xOfStep(12000), lane.center().y()));
    QVERIFY(mark.has_value());
    QCOMPARE(mark->kind, TimeMark::Kind::Checkpoint);
  }

  void theTableHasTheMarks() {
    const tests::MadeRun run;
    Timeline timeline;
    show(timeline, run);
    const NumberTable table = timeline.plot()->numbers();
    QCOMPARE(table.columns.back(), QStringLiteral("marks"));
    std::map<qint64, QString> told;
    qint64 before = -1;
    for (const auto& row : table.rows) {
      QCOMPARE(row.size(), static_cast<std::size_t>(table.columns.size()));
      QVERIFY(std::get<qint64>(row.front()) > before);
      before = std::get<qint64>(row.front());
      told[before] = std::get<QString>(row.back());
    }
    QVERIFY(!timeline.plot()->marks().empty());
    for (const TimeMark& mark : timeline.plot()->marks()) {
      QVERIFY(told.contains(mark.step));
      QVERIFY2(told[mark.step].contains(mark.text), qPrintable(told[mark.step]));
    }
    QCOMPARE(static_cast<std::size_t>(std::count_if(
                 table.rows.begin(), table.rows.end(),
                 [](const auto& row) { return !std::isnan(std::get<double>(row[1])); })),
             run.history().curveNumbers().rows.size());
  }

  /// A jump says what it came to, as hovering does.
  void aJumpToAMarkNamesIt() {
    const tests::MadeRun run;
    Timeline timeline;
    show(timeline, run);
    QSignalSpy told(&timeline, &Timeline::told);
    timeline.goFirst();
    timeline.stepMarkers(1);
    QCOMPARE(told.count(), 1);
    const QString text = told[0][0].toString();
    const auto& marks = timeline.plot()->marks();
    QVERIFY2(std::any_of(marks.begin(), marks.end(),
                         [&](const TimeMark& mark) { return text.contains(markText(mark)); }),
             qPrintable(text));
  }

  void smoothingKeepsTheRawLineBehind() {
    const tests::MadeRun run;
    Timeline timeline;
    show(timeline, run);
    const int without = timeline.plot()->graphCount();
    timeline.setSmoothing(2);
    settle(timeline);
    const int curves = 5;  // loss of each step, loss and accuracy of train and test
    QCOMPARE(timeline.plot()->graphCount(), without + curves);
    const QCPGraph* raw = timeline.plot()->graph(0);
    const QCPGraph* smooth = timeline.plot()->graph(1);
    QVERIFY(raw->pen().color().alphaF() < smooth->pen().color().alphaF());
    QVERIFY(raw->dataMainValue(raw->dataCount() - 1) !=
            smooth->dataMainValue(smooth->dataCount() - 1));
  }

  void withoutARunNothingBreaks() {
    Timeline timeline;
    timeline.resize(900, 318);
    timeline.show();
    settle(timeline);
    for (const int key : {Qt::Key_Left, Qt::Key_End, Qt::Key_Home}) {
      QTest::keyClick(&timeline, Qt::Key(key));
    }
    timeline.play();
    timeline.zoom(2);
    QCOMPARE(timeline.description(), QStringLiteral("No steps yet"));
    const tests::MadeRun run;
    timeline.setHistory(&run.history());
    settle(timeline);
    QVERIFY(timeline.lanesRect().isValid());
    timeline.setHistory(nullptr);
    settle(timeline);
    QVERIFY(!timeline.plot()->isVisible());
  }

  void tellsItselfInWords() {
    const tests::MadeRun run;
    Timeline timeline;
    show(timeline, run);
    timeline.setCursor(18400);
    QVERIFY2(timeline.description().startsWith(QStringLiteral("Step 18") + QChar(0x2009) +
                                               QStringLiteral("400, loss test 0.0")),
             qPrintable(timeline.description()));
    QVERIFY(timeline.description().contains(QStringLiteral("L1 H0 broadcast 0.9")));
  }

  void whatIsNotKnownIsToldSo() {
    RunHistory history(1, 1, 100, {});
    core::Metrics metrics;
    metrics.test_loss = 2;
    metrics.test_accuracy = std::numeric_limits<double>::quiet_NaN();
    history.addMetrics(metrics);
    history.addScores(0, {});
    Timeline timeline;
    timeline.setHistory(&history);
    QCOMPARE(timeline.description(), QStringLiteral("Step 0, loss test 2.000, accuracy unknown"));
    metrics.step = 10;
    metrics.test_loss = metrics.test_accuracy;
    metrics.test_accuracy = 0.5;
    history.addMetrics(metrics);
    history.addScores(10, {});
    timeline.setCursor(10);
    QCOMPARE(timeline.description(),
             QStringLiteral("Step 10, loss test unknown, accuracy 50.0 percent"));
  }

  void whatIsNegativeLiesBelowALineAtZero() {
    RunHistory history(1, 1, 100, {});
    for (const auto& [step, lift] :
         std::map<std::int64_t, double>{{0, 0.6}, {50, -0.4}, {100, 0}}) {
      core::HeadScores scores;
      scores.shift_lags[0].lift = lift;
      history.addScores(step, {scores});
    }
    Timeline timeline;
    timeline.resize(900, 400);
    timeline.setHistory(&history);
    timeline.show();
    settle(timeline);
    const auto strip = [&timeline] { return timeline.plot()->axisRect(3); };
    QCOMPARE(timeline.plot()->lanes()[3].label, core::Label::Shift);
    QCOMPARE(strip()->axis(QCPAxis::atLeft)->range().lower, -0.4);
    QVERIFY(strip()->axis(QCPAxis::atLeft)->grid()->visible());
    bool is_any = false;
    QCOMPARE(strip()->graphs().first()->data()->valueRange(is_any).lower, -0.4);
    const tests::MadeRun run;  // nothing is below 0
    show(timeline, run);
    QCOMPARE(strip()->axis(QCPAxis::atLeft)->range().lower, 0.0);
    QVERIFY(!strip()->axis(QCPAxis::atLeft)->grid()->visible());
    timeline.setHistory(nullptr);
  }

  void logAxisKeepsItsMapping() {
    const tests::MadeRun run;
    Timeline timeline;
    show(timeline, run);
    timeline.setLogarithmic(true);
    settle(timeline);
    for (const std::int64_t step : {0, 400, 4000, 18400}) {
      press(timeline, step, rulerY(timeline));
      release(timeline, step, rulerY(timeline));
      // Several frames can lie on one pixel.
      QVERIFY(qAbs(timeline.xOfStep(timeline.cursor()) - timeline.xOfStep(step)) <= 1.5);
    }
  }
};

QTEST_MAIN(TestTimeline)
#include "tst_timeline.moc"
