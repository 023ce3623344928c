// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/time_cursor.h"

#include <QtTest>

using anchorlens::app::TimeCursor;
using Steps = std::vector<std::int64_t>;

class TestTimeCursor : public QObject {
  Q_OBJECT

 private slots:
  void startsAtTheLiveEndAndFollows() {
    TimeCursor cursor;
    cursor.start({0, 100, 200}, true);
    QVERIFY(cursor.isFollowing());
    QCOMPARE(cursor.step(), std::int64_t{200});
    cursor.appendFrame(300);
    QCOMPARE(cursor.step(), std::int64_t{300});
    cursor.setLiveStep(345);
    QCOMPARE(cursor.step(), std::int64_t{345});
    QVERIFY(cursor.showsLive());
    QCOMPARE(*cursor.frameIndex(), std::size_t{3});
  }

  void anyMoveStopsFollowing() {
    const std::vector<std::function<void(TimeCursor&)>> moves{[](TimeCursor& c) { c.moveTo(150); },
                                                              [](TimeCursor& c) { c.moveBy(-1); },
                                                              [](TimeCursor& c) { c.first(); },
                                                              [](TimeCursor& c) {
                                                                c.moveAmong({0, 100}, -1);
                                                              }};
    for (const auto& move : moves) {
      TimeCursor cursor;
      cursor.start({0, 100, 200}, true);
      move(cursor);
      QVERIFY(!cursor.isFollowing());
      const auto step = cursor.step();
      cursor.appendFrame(300);
      cursor.setLiveStep(333);
      QCOMPARE(cursor.step(), step);
    }
  }

  void goLiveFollowsAgain() {
    TimeCursor cursor;
    cursor.start({0, 100, 200}, true);
    cursor.first();
    QCOMPARE(cursor.behindLive(), std::int64_t{200});
    cursor.goLive();
    QVERIFY(cursor.isFollowing());
    QCOMPARE(cursor.step(), std::int64_t{200});
    QCOMPARE(cursor.behindLive(), std::int64_t{0});
  }

  void endOnTheNewestFrameFollowsAgain() {
    TimeCursor cursor;
    cursor.start({0, 100, 200}, true);
    cursor.first();
    cursor.newest();
    QCOMPARE(cursor.step(), std::int64_t{200});
    QVERIFY(!cursor.isFollowing());
    cursor.newest();
    QVERIFY(cursor.isFollowing());
  }

  void betweenFramesTheEarlierOneIsShown() {
    TimeCursor cursor;
    cursor.start({0, 100, 200}, false);
    cursor.moveTo(199);
    QCOMPARE(cursor.step(), std::int64_t{100});
    cursor.moveToNearest(199);
    QCOMPARE(cursor.step(), std::int64_t{200});
    cursor.moveTo(-5);
    QCOMPARE(cursor.step(), std::int64_t{0});
    cursor.moveTo(5000);
    QCOMPARE(cursor.step(), std::int64_t{200});
  }

  void anotherRunKeepsTheStepOrTheNearest() {
    TimeCursor cursor;
    cursor.start({0, 100, 200}, false);
    cursor.moveTo(100);
    cursor.selectRun({0, 90, 180}, false);
    QCOMPARE(cursor.step(), std::int64_t{90});
    cursor.selectRun({0, 50, 90, 130}, true);
    QCOMPARE(cursor.step(), std::int64_t{90});
    QVERIFY(!cursor.isFollowing());
    cursor.goLive();
    cursor.selectRun({0, 40}, false);
    QVERIFY(!cursor.isFollowing());
    QCOMPARE(cursor.step(), std::int64_t{40});
  }

  void pauseFinishAndFailureNeverMoveIt() {
    TimeCursor cursor;
    cursor.start({0, 100}, true);
    cursor.setLiveStep(150);
    cursor.setLive(false);
    QCOMPARE(cursor.step(), std::int64_t{150});
    cursor.moveTo(0);
    cursor.setLive(true);
    cursor.setLive(false);
    QCOMPARE(cursor.step(), std::int64_t{0});
  }

  void oneBackFromALiveSnapshotIsItsFrame() {
    TimeCursor cursor;
    cursor.start({0, 100, 200}, true);
    cursor.setLiveStep(250);
    cursor.moveBy(-1);
    QCOMPARE(cursor.step(), std::int64_t{200});
    cursor.moveBy(-1);
    QCOMPARE(cursor.step(), std::int64_t{100});
    cursor.moveBy(10);
    QCOMPARE(cursor.step(), std::int64_t{200});
  }

  void walksAmongMarkers() {
    TimeCursor cursor;
    cursor.start({0, 100, 200, 300}, false);
    const Steps checkpoints{0, 100, 300};
    cursor.moveTo(200);
    cursor.moveAmong(checkpoints, -1);
    QCOMPARE(cursor.step(), std::int64_t{100});
    cursor.moveAmong(checkpoints, 1);
    QCOMPARE(cursor.step(), std::int64_t{300});
    cursor.moveAmong(checkpoints, 1);
    QCOMPARE(cursor.step(), std::int64_t{300});
  }

  void turningFollowOffStaysAtTheShownFrame() {
    TimeCursor cursor;
    cursor.start({0, 100}, true);
    cursor.setLiveStep(150);
    cursor.setFollowing(false);
    QCOMPARE(cursor.step(), std::int64_t{100});
    cursor.appendFrame(200);
    QCOMPARE(cursor.step(), std::int64_t{100});
  }

  void aResumeFromAnEarlierStepTakesLaterFramesAway() {
    TimeCursor cursor;
    cursor.start({0, 100, 200, 300}, true);
    cursor.moveTo(300);
    cursor.setFrames({0, 100, 200});
    QCOMPARE(cursor.step(), std::int64_t{200});
    QCOMPARE(cursor.frameCount(), std::size_t{3});
  }

  void restoresASession() {
    TimeCursor cursor;
    cursor.restore({0, 100, 200}, 100, false, false);
    QCOMPARE(cursor.step(), std::int64_t{100});
    QVERIFY(!cursor.isFollowing());
    cursor.restore({0, 100, 200}, 100, true, false);
    QCOMPARE(cursor.step(), std::int64_t{200});
  }

  void withoutFramesNothingMoves() {
    TimeCursor cursor;
    cursor.start({}, true);
    cursor.first();
    cursor.newest();
    cursor.moveBy(1);
    cursor.moveTo(7);
    QCOMPARE(cursor.step(), std::int64_t{0});
    QVERIFY(!cursor.frameIndex());
    QVERIFY(cursor.isFollowing());
  }
};

QTEST_GUILESS_MAIN(TestTimeCursor)
#include "tst_time_cursor.moc"
