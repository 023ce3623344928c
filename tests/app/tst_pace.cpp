// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/live_share.h"
#include "app/anchorlens/pace.h"
#include "app/anchorlens/speed_meter.h"

#include <QtTest>

using namespace anchorlens::app;

class TestPace : public QObject {
  Q_OBJECT

 private slots:
  void fullSpeedHasNoLimit() {
    Pace pace;
    const Slice slice = pace.next(Micros{0}, 0);
    QVERIFY(slice.max_steps > 1'000'000);
    QCOMPARE(slice.wait.count(), 0);
  }

  void firstStepIsDueAtOnceAndTheNextAfterItsInterval() {
    Pace pace;
    pace.setLimit(10.0);
    QCOMPARE(pace.next(Micros{5'000}, 7).max_steps, std::int64_t{1});
    const Slice slice = pace.next(Micros{6'000}, 8);
    QCOMPARE(slice.max_steps, std::int64_t{0});
    QCOMPARE(slice.wait.count(), 99'000);
    QCOMPARE(pace.next(Micros{105'000}, 8).max_steps, std::int64_t{1});
  }

  void keepsTheRateOverALongTime_data() {
    QTest::addColumn<double>("limit");
    for (const double limit : {3.0, 10.0, 30.0, 100.0, 300.0})
      QTest::addRow("%.0f", limit) << limit;
  }
  void keepsTheRateOverALongTime() {
    QFETCH(double, limit);
    Pace pace;
    pace.setLimit(limit);
    std::int64_t step = 0;
    Micros now{0};
    while (now < Micros{20'000'000}) {
      const Slice slice = pace.next(now, step);
      step += slice.max_steps;
      now += slice.max_steps > 0 ? Micros{700} * slice.max_steps : slice.wait;
    }
    QVERIFY2(std::abs(static_cast<double>(step) - 20 * limit) <= 0.02 * 20 * limit + 2,
             qPrintable(QString::number(step)));
  }

  void missedTimeIsNotCaughtUpInABurst() {
    Pace pace;
    pace.setLimit(100.0);
    QCOMPARE(pace.next(Micros{0}, 0).max_steps, std::int64_t{1});
    // Ten seconds in a checkpoint: a thousand steps behind.
    QCOMPARE(pace.next(Micros{10'000'000}, 1).max_steps, std::int64_t{1});
    QCOMPARE(pace.next(Micros{10'000'500}, 2).max_steps, std::int64_t{0});
  }

  void smallBacklogIsMadeUpFor() {
    Pace pace;
    pace.setLimit(100.0);
    QCOMPARE(pace.next(Micros{0}, 0).max_steps, std::int64_t{1});
    QCOMPARE(pace.next(Micros{55'000}, 1).max_steps, std::int64_t{5});
  }

  void aPauseBeginsANewLine() {
    Pace pace;
    pace.setLimit(10.0);
    pace.next(Micros{0}, 0);
    pace.restart();
    QCOMPARE(pace.next(Micros{60'000'000}, 1).max_steps, std::int64_t{1});
    QCOMPARE(pace.next(Micros{60'000'001}, 2).max_steps, std::int64_t{0});
  }

  void liveFramesTakeAFifthOfTheTimeAtMost() {
    QVERIFY(!isLiveFrameDue(Micros{32'000}, Micros{1'000}, false));
    QVERIFY(isLiveFrameDue(Micros{33'000}, Micros{1'000}, false));
    QVERIFY(!isLiveFrameDue(Micros{100'000}, Micros{50'000}, false));
    QVERIFY(isLiveFrameDue(Micros{200'000}, Micros{50'000}, false));
  }

  void liveFramesTakeAnEightiethOfTheTimeAtFullSpeed() {
    QVERIFY(!isLiveFrameDue(Micros{32'000}, Micros{100}, true));
    QVERIFY(isLiveFrameDue(Micros{33'000}, Micros{100}, true));
    QVERIFY(!isLiveFrameDue(Micros{157'000}, Micros{2'000}, true));
    QVERIFY(isLiveFrameDue(Micros{158'000}, Micros{2'000}, true));
  }

  void theWindowTakesItsShareOfACore() {
    LiveShare share;
    QVERIFY(share.isDue(0, 0));
    share.shown(1000, 500);
    QVERIFY(share.isDue(1033, 501));   // 1 ms of 33
    QVERIFY(!share.isDue(1033, 506));  // 6 ms are due after 100
    QVERIFY(!share.isDue(1099, 506));
    QVERIFY(share.isDue(1100, 506));
    QVERIFY(!share.isDue(1249, 600));  // however dear, four times a second
    QVERIFY(share.isDue(1250, 600));
  }

  void speedIsTheMeanOfTwoSeconds() {
    SpeedMeter meter;
    meter.add(Micros{0}, 0);
    QVERIFY(!meter.stepsPerSecond());
    meter.add(Micros{100'000}, 40);
    QVERIFY(!meter.stepsPerSecond());  // too short to tell
    meter.add(Micros{1'000'000}, 400);
    QCOMPARE(*meter.stepsPerSecond(), 400.0);
    QCOMPARE(*meter.secondsLeft(4000), std::int64_t{9});
    // The pace changed: after two seconds the old one no longer counts.
    for (int i = 1; i <= 30; ++i)
      meter.add(Micros{1'000'000 + i * 100'000}, 400 + i);
    QVERIFY2(std::abs(*meter.stepsPerSecond() - 10) < 0.6,
             qPrintable(QString::number(*meter.stepsPerSecond())));
    meter.add(Micros{5'000'000}, 3);  // another run
    QVERIFY(!meter.stepsPerSecond());
  }
};

QTEST_GUILESS_MAIN(TestPace)
#include "tst_pace.moc"
