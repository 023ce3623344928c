// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/progress.h"

#include <QTest>

using namespace anchorlens;
using ctl::ProgressState;

namespace {

ProgressState halfWay() {
  ProgressState state;
  state.step = 750;
  state.total = 1500;
  state.steps_per_second = 312.4;
  state.loss = 0.03125;
  state.train_accuracy = 1.0;
  state.test_accuracy = 0.981;
  return state;
}

}  // namespace

class TestProgress : public QObject {
  Q_OBJECT

 private slots:
  void bar() {
    QCOMPARE(ctl::progressBar(halfWay(), 200),
             std::string("[############............] 750 / 1 500  312 steps/s  ETA 0:02  "
                         "loss 0.0312  train 1.000  test 0.981"));
  }

  void barFitsTheTerminal() {
    for (const int columns : {1, 20, 40, 80}) {
      QVERIFY(ctl::progressBar(halfWay(), columns).size() <
              static_cast<std::size_t>(std::max(columns, 2)));
    }
  }

  void barEnds() {
    ProgressState state;
    QCOMPARE(ctl::progressBar(state, 200), std::string("[########################] 0 / 0"));
    state.total = 10;
    QCOMPARE(ctl::progressBar(state, 200), std::string("[........................] 0 / 10"));
    state.step = 10;
    state.steps_per_second = 5.0;
    QCOMPARE(ctl::progressBar(state, 200),
             std::string("[########################] 10 / 10  5.00 steps/s"));
  }

  void plainLine() {
    QCOMPARE(ctl::progressLine(halfWay()),
             std::string("step 750 / 1 500  loss 0.0312  train 1.000  test 0.981  312 steps/s  "
                         "ETA 0:02"));
  }

  void durations() {
    QCOMPARE(ctl::durationText(0.2), std::string("0:00"));
    QCOMPARE(ctl::durationText(67), std::string("1:07"));
    QCOMPARE(ctl::durationText(3723), std::string("1:02:03"));
    QVERIFY(!ctl::durationText(1e300).empty());
  }

  void speedOverTheLastSeconds() {
    ctl::Speedometer speed;
    QVERIFY(!speed.stepsPerSecond());
    speed.add(0, 100);
    QVERIFY(!speed.stepsPerSecond());
    speed.add(2, 300);
    QCOMPARE(*speed.stepsPerSecond(), 100.0);
    // What is long ago no longer counts.
    for (int second = 3; second <= 20; ++second) {
      speed.add(second, 300 + (second - 2) * 10);
    }
    QCOMPARE(*speed.stepsPerSecond(), 10.0);
  }

  void aSpeedOfNothingIsNotTold() {
    ctl::Speedometer speed(60);
    speed.add(0, 100);
    speed.add(10, 100);  // its processes are starting
    QVERIFY(!speed.stepsPerSecond());
    speed.add(20, 300);
    QCOMPARE(*speed.stepsPerSecond(), 10.0);
    speed.add(50, 300);
    QCOMPARE(*speed.stepsPerSecond(), 4.0);
    speed.add(55, 0);  // a run's folder was removed
    QVERIFY(!speed.stepsPerSecond());
  }
};

QTEST_GUILESS_MAIN(TestProgress)
#include "tst_progress.moc"
