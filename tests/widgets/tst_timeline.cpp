// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/made_run.h"
#include "widgets/bookmark_editor.h"
#include "widgets/fonts.h"
#include "widgets/timeline.h"
#include "widgets/timeline_bar.h"
#include "widgets/timeline_plot.h"

#include <QApplication>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

using namespace anchorlens;
using namespace anchorlens::widgets;

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
    QVERIFY(timeline.stripRect(2, 2).isEmpty());
    timeline.plot()->toggleFolded();
    QCOMPARE(timeline.plot()->lanes().size(), std::size_t(3 + 16 + 1 + 1));
    settle(timeline);
    QVERIFY(!timeline.stripRect(2, 2).isEmpty());
  }

  void fewHeadsKeepTheirStrips() {
    const tests::MadeRun run;
    Timeline timeline;
    show(timeline, run);
    QCOMPARE(timeline.plot()->lanes().size(), std::size_t(3 + 4 + 1));
    QVERIFY(timeline.plot()->lanes()[4].is_dim);  // L0 H1 never was above 0.25
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

  void stepsThroughFramesCheckpointsAndMarks() {
    const tests::MadeRun run;
    Timeline timeline;
    show(timeline, run);
    QSignalSpy moved(&timeline, &Timeline::cursorMoved);
    timeline.setCursor(4040);
    timeline.stepFrames(-1);
    QCOMPARE(timeline.cursor(), 4000);
    timeline.stepFrames(10);
    QCOMPARE(timeline.cursor(), 4400);
    timeline.stepCheckpoints(1);
    QCOMPARE(timeline.cursor(), 6000);
    timeline.stepCheckpoints(-1);
    QCOMPARE(timeline.cursor(), 4000);
    timeline.stepMarkers(1);  // the emergence of the shift
    QCOMPARE(timeline.cursor(), *run.history().emergence(0, 0, core::Label::Shift));
    timeline.goFirst();
    QCOMPARE(timeline.cursor(), 0);
    const auto n = moved.count();
    timeline.stepFrames(-1);  // at the border: nothing
    QCOMPARE(moved.count(), n);
    QTest::keyClick(&timeline, Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(timeline.cursor(), 400);
  }

  void newestAsksForLiveOnlyAtTheEnd() {
    const tests::MadeRun run;
    Timeline timeline;
    show(timeline, run);
    QSignalSpy live(&timeline, &Timeline::goLive);
    timeline.setCursor(400);
    timeline.goNewest();
    QCOMPARE(timeline.cursor(), 18400);
    QCOMPARE(live.count(), 0);
    timeline.goNewest();
    QCOMPARE(live.count(), 1);
  }

  void stepFieldTakesTheNearestFrame() {
    tests::MadeRunOptions options;
    options.frame_every = 400;
    const tests::MadeRun run(options);
    Timeline timeline;
    show(timeline, run);
    auto* field = timeline.findChild<TimelineBar*>()->stepField();
    type(field, QStringLiteral("4 300"));
    QCOMPARE(timeline.cursor(), 4400);
    QCOMPARE(field->text(), QStringLiteral("4") + QChar(0x2009) + QStringLiteral("400"));
    type(field, QStringLiteral("what"));
    QCOMPARE(timeline.cursor(), 4400);
    QVERIFY(field->text().startsWith('4'));
  }

  void replayPlaysToTheEnd() {
    tests::MadeRunOptions options;
    options.frame_every = 4000;
    const tests::MadeRun run(options);
    Timeline timeline;
    show(timeline, run);
    timeline.setReplayRate(1000);
    timeline.setCursor(16000);  // the newest: starts anew
    QSignalSpy moved(&timeline, &Timeline::cursorMoved);
    QSignalSpy playing(&timeline, &Timeline::playingChanged);
    timeline.play();
    QVERIFY(timeline.isPlaying());
    QTRY_VERIFY(!timeline.isPlaying());
    QCOMPARE(timeline.cursor(), 16000);
    QCOMPARE(moved.at(0).front().value<std::int64_t>(), 0);
    QCOMPARE(playing.count(), 2);
    timeline.play();
    timeline.play();  // stops
    QVERIFY(!timeline.isPlaying());
  }

  void aLoopIsRepeated() {
    const tests::MadeRun run;
    Timeline timeline;
    show(timeline, run);
    timeline.setReplayEased(false);
    timeline.setReplayRate(256);
    timeline.setCursor(4000);
    timeline.loopFromCursor();
    QCOMPARE(timeline.loop(), (Timeline::Range{4000, 18400}));
    timeline.setCursor(4400);
    timeline.loopToCursor();
    QCOMPARE(timeline.loop(), (Timeline::Range{4000, 4400}));
    timeline.setCursor(12000);  // outside: begins at its start
    QSignalSpy moved(&timeline, &Timeline::cursorMoved);
    timeline.play();
    const auto turns = [&moved] {
      int count = 0;
      for (int i = 1; i < moved.count(); ++i) {
        count +=
            moved[i].front().value<std::int64_t>() < moved[i - 1].front().value<std::int64_t>();
      }
      return count;
    };
    QTRY_VERIFY(turns() >= 2);
    QVERIFY(timeline.isPlaying());
    timeline.play();
    QVERIFY(!timeline.isPlaying());
    for (const auto& move : moved) {
      const auto step = move.front().value<std::int64_t>();
      QVERIFY(step >= 4000 && step <= 4400);
    }
    // Its end stays where it was when the start is put behind it, as far as there is one.
    timeline.setCursor(8000);
    timeline.loopFromCursor();
    QCOMPARE(timeline.loop(), (Timeline::Range{8000, 18400}));
    timeline.clearLoop();
    QVERIFY(!timeline.loop());
    QSignalSpy told(&timeline, &Timeline::told);
    timeline.setLoop(Timeline::Range{4001, 4039});  // between two frames
    QVERIFY(!timeline.loop());
    QCOMPARE(told.count(), 1);
  }

  void theMouseMarksALoop() {
    const tests::MadeRun run;
    Timeline timeline;
    show(timeline, run);
    timeline.setCursor(0);
    QSignalSpy moved(&timeline, &Timeline::cursorMoved);
    const int y = rulerY(timeline);
    const auto drag = [&](std::int64_t from, std::int64_t to, Qt::KeyboardModifiers modifiers) {
      const auto place = [&](std::int64_t step) {
        return timeline.plot()->mapFrom(&timeline, at(timeline, step, y));
      };
      QTest::mousePress(timeline.plot(), Qt::LeftButton, modifiers, place(from));
      QTest::mouseMove(timeline.plot(), place((from + to) / 2));
      QTest::mouseMove(timeline.plot(), place(to));
      QTest::mouseRelease(timeline.plot(), Qt::LeftButton, modifiers, place(to));
    };
    const double pixel = 20000.0 / timeline.rulerRect().width();
    const auto isNear = [&](double a, double b) { return std::abs(a - b) <= pixel; };
    drag(12000, 6000, Qt::ShiftModifier);
    QVERIFY(timeline.loop().has_value());
    QVERIFY(isNear(timeline.loop()->first, 6000) && isNear(timeline.loop()->last, 12000));
    drag(12000, 16000, {});  // its end
    QVERIFY(isNear(timeline.loop()->first, 6000) && isNear(timeline.loop()->last, 16000));
    QCOMPARE(moved.count(), 0);
    QTest::mouseDClick(timeline.plot(), Qt::LeftButton, {},
                       timeline.plot()->mapFrom(&timeline, at(timeline, 9000, y)));
    QVERIFY(!timeline.loop());
  }

  void aZoomedRangeFollowsTheKeys() {
    const tests::MadeRun run;
    Timeline timeline;
    show(timeline, run);
    timeline.setRange({4000, 6000});
    timeline.setCursor(4000);
    timeline.stepFrames(-1);
    QVERIFY(timeline.range().first <= 3960 && timeline.range().last >= 3960);
    QCOMPARE(timeline.range().last - timeline.range().first, 2000.0);
    timeline.goNewest();
    QVERIFY(timeline.range().first <= 18400 && timeline.range().last >= 18400);
    QCOMPARE(timeline.range().last - timeline.range().first, 2000.0);
  }

  void jumpsToWhatHappened() {
    const tests::MadeRun run;
    const auto history = run.historyUntil(18400);
    core::StepMetrics spike;
    spike.step = 18410;
    spike.loss = 40;
    history->addStep(spike);
    Timeline timeline;
    show(timeline, run);
    timeline.setHistory(history.get());
    settle(timeline);
    timeline.setBookmarks({{4000, "here"}, {8000, ""}});
    timeline.setCursor(0);
    QSignalSpy told(&timeline, &Timeline::told);
    using Kind = TimeMark::Kind;
    timeline.stepAmong(Kind::Bookmark, 1);
    QCOMPARE(timeline.cursor(), 4000);
    timeline.stepAmong(Kind::Intervention, 1);
    QCOMPARE(timeline.cursor(), 13200);
    timeline.stepAmong(Kind::Emergence, -1);
    QCOMPARE(timeline.cursor(), *history->emergence(1, 0, core::Label::Broadcast));
    timeline.stepAmong(Kind::Emergence, -1);
    QCOMPARE(timeline.cursor(), *history->emergence(0, 0, core::Label::Shift));
    QCOMPARE(told.count(), 0);
    timeline.stepAmong(Kind::Emergence, -1);
    QCOMPARE(told.count(), 1);
    timeline.stepAmong(Kind::Spike, 1);
    QCOMPARE(timeline.cursor(), 18400);  // the frame nearest to it
    timeline.setBookmarks({});
    timeline.stepAmong(Kind::Bookmark, -1);
    QCOMPARE(timeline.cursor(), 18400);
    QCOMPARE(told.last().front().toString(), QStringLiteral("This run has no bookmark."));
  }

  void bookmarksAreNamedAndEdited() {
    const tests::MadeRun run;
    Timeline timeline;
    show(timeline, run);
    timeline.setCursor(4000);
    QSignalSpy edited(&timeline, &Timeline::bookmarkEdited);
    QSignalSpy removed(&timeline, &Timeline::bookmarkRemoved);
    timeline.editBookmark();
    BookmarkEditor* editor = timeline.bookmarkEditor();
    QVERIFY(editor->isVisible() && timeline.rect().contains(editor->geometry()));
    QTest::keyClicks(editor->field(), QStringLiteral("shift begins"));
    QTest::keyClick(editor->field(), Qt::Key_Return);
    QVERIFY(!editor->isVisible());
    QCOMPARE(edited.last(), (QList<QVariant>{QVariant::fromValue(std::int64_t{4000}),
                                             QStringLiteral("shift begins")}));
    timeline.setBookmarks({{4000, "shift begins"}});
    const QRect lane = timeline.plot()->laneBand(timeline.plot()->lanes().size() - 1);
    const auto mark =
        timeline.plot()->markAt(QPointF(timeline.plot()->xOfStep(4000), lane.center().y()));
    QVERIFY(mark.has_value());
    QCOMPARE(mark->kind, TimeMark::Kind::Bookmark);
    QVERIFY(markText(*mark).startsWith(QStringLiteral("Bookmark “shift begins”, step 4")));
    // Again: its note, which Escape leaves.
    timeline.editBookmark();
    QCOMPARE(editor->field()->text(), QStringLiteral("shift begins"));
    QTest::keyClicks(editor->field(), QStringLiteral("other"));
    QTest::keyClick(editor->field(), Qt::Key_Escape);
    QVERIFY(!editor->isVisible());
    QCOMPARE(edited.count(), 1);
    timeline.removeBookmark();
    QCOMPARE(removed.last(), (QList<QVariant>{QVariant::fromValue(std::int64_t{4000})}));
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

 private:
  static void settle(Timeline& timeline) {
    QVERIFY(QTest::qWaitForWindowExposed(&timeline));
    timeline.refresh();
    QCoreApplication::processEvents();
    timeline.plot()->replot();  // queued in the program
  }
  static void show(Timeline& timeline, const tests::MadeRun& run) {
    timeline.resize(900, 400);
    timeline.setHistory(&run.history());
    timeline.show();
    settle(timeline);
  }
  static TimelinePlot* plot(Timeline& timeline) { return timeline.plot(); }
  static int rulerY(Timeline& timeline) { return timeline.rulerRect().center().y(); }
  static void pressAt(Timeline& t, QPoint at) {
    QTest::mousePress(plot(t), Qt::LeftButton, {}, plot(t)->mapFrom(&t, at));
  }
  static void moveTo(Timeline& t, QPoint at) {
    const QPoint local = plot(t)->mapFrom(&t, at);
    QMouseEvent event(QEvent::MouseMove, local, plot(t)->mapToGlobal(local), Qt::NoButton,
                      Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(plot(t), &event);
  }
  static void releaseAt(Timeline& t, QPoint at) {
    QTest::mouseRelease(plot(t), Qt::LeftButton, {}, plot(t)->mapFrom(&t, at));
  }
  static QPoint at(Timeline& t, std::int64_t step, int y) { return {qRound(t.xOfStep(step)), y}; }
  static void press(Timeline& t, std::int64_t step, int y) { pressAt(t, at(t, step, y)); }
  static void move(Timeline& t, std::int64_t step, int y) { moveTo(t, at(t, step, y)); }
  static void release(Timeline& t, std::int64_t step, int y) { releaseAt(t, at(t, step, y)); }
  static void wheel(Timeline& t, double x, int delta) {
    const QPointF local = plot(t)->mapFrom(&t, QPoint(qRound(x), t.lanesRect().center().y()));
    QWheelEvent event(local, plot(t)->mapToGlobal(local), {}, QPoint(0, delta), Qt::NoButton,
                      Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(plot(t), &event);
  }
  static void type(QLineEdit* field, const QString& text) {
    field->setFocus();
    field->selectAll();
    QTest::keyClicks(field, text);
    QTest::keyClick(field, Qt::Key_Return);
  }
};

QTEST_MAIN(TestTimeline)
#include "tst_timeline.moc"
