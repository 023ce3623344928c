// SPDX-License-Identifier: GPL-3.0-or-later
// Going through time: steps, replay, loops, marks.
#include "tests/widgets/timeline_driver.h"
#include "widgets/bookmark_editor.h"
#include "widgets/fonts.h"
#include "widgets/timeline_bar.h"

#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>

using namespace anchorlens;
using namespace anchorlens::widgets;
using namespace anchorlens::tests::timeline;

class TestTimelineReplay : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QApplication::setFont(textFont(13)); }

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

  /// While live is followed the cursor is at a picture that is no frame.
  void oneBackFromALivePictureIsItsFrame() {
    const tests::MadeRun run;
    Timeline timeline;
    show(timeline, run);
    QSignalSpy moved(&timeline, &Timeline::cursorMoved);
    timeline.setCursor(18437);
    timeline.stepFrames(1);  // none is newer
    QCOMPARE(moved.count(), 0);
    QCOMPARE(timeline.cursor(), 18437);
    timeline.stepFrames(-1);
    QCOMPARE(timeline.cursor(), 18400);
    timeline.setCursor(18437);
    timeline.stepFrames(-10);
    QCOMPARE(timeline.cursor(), 18040);
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
    QSignalSpy told(&timeline, &Timeline::told);
    type(field, QStringLiteral("68oo"));
    QCOMPARE(timeline.cursor(), 4400);
    QVERIFY(field->text().startsWith('4'));
    QCOMPARE(told.count(), 1);
    const QString why = told.front().front().toString();
    QVERIFY2(why.startsWith(QStringLiteral("“68oo” is no step: type a whole number from 0")),
             qPrintable(why));
    type(field, QStringLiteral("-3"));
    QCOMPARE(told.count(), 2);
    type(field, QStringLiteral("400"));
    QCOMPARE(timeline.cursor(), 400);
    QCOMPARE(told.count(), 2);
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
    QSignalSpy changed(&timeline, &Timeline::optionsChanged);
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
    QCOMPARE(changed.count(), 1);
    drag(12000, 16000, {});  // its end
    QCOMPARE(changed.count(), 2);
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
    // What is there is said, and that there is no other.
    const QStringList said{QStringLiteral("Bookmark “here”"),
                           QStringLiteral("Learning rate halved"),
                           QStringLiteral("became broadcast"), QStringLiteral("became shift")};
    QCOMPARE(told.count(), said.size());
    for (qsizetype i = 0; i < said.size(); ++i)
      QVERIFY2(told[i][0].toString().contains(said[i]), qPrintable(told[i][0].toString()));
    timeline.stepAmong(Kind::Emergence, -1);
    QCOMPARE(told.last().front().toString(),
             QStringLiteral("There is no emergence of a label before this step."));
    timeline.stepAmong(Kind::Spike, 1);
    QCOMPARE(timeline.cursor(), 18400);  // the frame nearest to it
    timeline.setBookmarks({});
    timeline.stepAmong(Kind::Bookmark, -1);
    QCOMPARE(timeline.cursor(), 18400);
    QCOMPARE(told.last().front().toString(), QStringLiteral("This run has no bookmark."));
  }

  /// In Compare it is folded, and its dock may be closed: nothing is drawn then.
  void jumpsNeedNothingDrawn() {
    const tests::MadeRun run;
    const auto history = run.historyUntil(12000);
    Timeline timeline;
    timeline.resize(900, 400);
    timeline.setFolded(true);
    timeline.setHistory(history.get());
    timeline.show();
    QVERIFY(QTest::qWaitForWindowExposed(&timeline));
    timeline.refresh();
    timeline.setCursor(0);
    QSignalSpy told(&timeline, &Timeline::told);
    using Kind = TimeMark::Kind;
    timeline.stepAmong(Kind::Emergence, 1);
    QCOMPARE(timeline.cursor(), *history->emergence(0, 0, core::Label::Shift));
    QVERIFY2(told.last()[0].toString().contains(QStringLiteral("became shift")),
             qPrintable(told.last()[0].toString()));
    history->addEvent({8000, "intervention", "Learning rate halved."});
    timeline.historyChanged();
    timeline.stepAmong(Kind::Intervention, 1);
    QCOMPARE(timeline.cursor(), 8000);
    timeline.stepMarkers(1);  // the checkpoint comes after the emergence of the broadcast
    QCOMPARE(timeline.cursor(), *history->emergence(1, 0, core::Label::Broadcast));
    QCOMPARE(timeline.plot()->rebuilds(), 0);
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

  void bookmarksAreEditedInAFoldedTimeline() {
    const tests::MadeRun run;
    QWidget window;
    window.resize(900, 400);
    auto* column = new QVBoxLayout(&window);
    column->setContentsMargins(0, 0, 0, 0);
    auto* timeline = new Timeline;
    timeline->setFixedHeight(40);
    column->addStretch(1);
    column->addWidget(timeline);
    timeline->setHistory(&run.history());
    timeline->setFolded(true);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    timeline->setCursor(4000);
    QSignalSpy edited(timeline, &Timeline::bookmarkEdited);
    timeline->editBookmark();
    BookmarkEditor* editor = timeline->bookmarkEditor();
    QVERIFY(!editor->visibleRegion().isEmpty());
    QVERIFY(window.rect().contains(editor->geometry()));
    QVERIFY(!editor->geometry().intersects(timeline->geometry()));
    QTest::keyClick(editor->field(), Qt::Key_Return);
    QVERIFY(!editor->isVisible());
    QCOMPARE(edited.count(), 1);
    timeline->editBookmark();
    timeline->setFolded(false);  // it is not left over the window
    QVERIFY(!editor->isVisible());
  }

  void theNoteOfAFoldedTimelineIsHiddenWithItsDock() {
    const tests::MadeRun run;
    QWidget window;
    window.resize(900, 400);
    auto* dock = new QWidget;
    auto* timeline = new Timeline;
    timeline->setFixedHeight(40);
    for (const auto& [outer, inner] : {std::pair<QWidget*, QWidget*>{&window, dock},
                                       std::pair<QWidget*, QWidget*>{dock, timeline}}) {
      auto* column = new QVBoxLayout(outer);
      column->setContentsMargins(0, 0, 0, 0);
      column->addStretch(1);
      column->addWidget(inner);
    }
    timeline->setHistory(&run.history());
    timeline->setFolded(true);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    timeline->setCursor(4000);
    QSignalSpy edited(timeline, &Timeline::bookmarkEdited);
    timeline->editBookmark();
    BookmarkEditor* editor = timeline->bookmarkEditor();
    QTest::keyClicks(editor->field(), QStringLiteral("half a no"));
    dock->hide();
    QVERIFY(!editor->isVisible());
    QCOMPARE(edited.count(), 0);
    // It comes back over the window with what was typed.
    dock->show();
    QVERIFY(!editor->visibleRegion().isEmpty());
    const auto is_above = [&] {
      const QRect row(timeline->mapTo(&window, QPoint(0, 0)), timeline->size());
      return editor->parentWidget() == &window && window.rect().contains(editor->geometry()) &&
             !editor->geometry().intersects(row);
    };
    QTRY_VERIFY(is_above());
    QTest::keyClicks(editor->field(), QStringLiteral("te"));
    QTest::keyClick(editor->field(), Qt::Key_Return);
    QVERIFY(!editor->isVisible());
    QCOMPARE(edited.last(), (QList<QVariant>{QVariant::fromValue(std::int64_t{4000}),
                                             QStringLiteral("half a note")}));
    // One that was closed does not come back, nor one that the timeline had before it unfolded.
    dock->hide();
    dock->show();
    QVERIFY(!editor->isVisible());
    timeline->editBookmark();
    dock->hide();
    timeline->setFolded(false);
    dock->show();
    QVERIFY(!editor->isVisible());
  }
};

QTEST_MAIN(TestTimelineReplay)
#include "tst_timeline_replay.moc"
